namespace ModelBuild.Compression.Passes;

/// <summary>Specifies how a step uses weights, which determines the steps that can follow it.</summary>
[Flags]
internal enum WeightUse
{
    /// <summary>The step accepts any weights, and does not change how they are stored.</summary>
    Any = 0,

    /// <summary>The step needs float32 weights. It finds no weights after a step that stores them in another form.</summary>
    NeedsFloat32 = 1,

    /// <summary>The step stores weights in another form.</summary>
    StoresOtherwise = 2,
}
