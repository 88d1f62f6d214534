namespace ModelBuild.Compression.Passes;

/// <summary>The use of weights by a step, which determines the steps that can follow it.</summary>
[Flags]
internal enum WeightUse
{
    /// <summary>The step accepts any weights, and does not change how they are stored.</summary>
    Any = 0,

    /// <summary>The step needs float32 weights. After a step that stores weights in another form it finds none.</summary>
    NeedsFloat32 = 1,

    /// <summary>The step stores weights in another form.</summary>
    StoresOtherwise = 2,
}
