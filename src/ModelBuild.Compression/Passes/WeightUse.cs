namespace ModelBuild.Compression.Passes;

/// <summary>What a step does with weights: from it follows which steps can follow which.</summary>
[Flags]
internal enum WeightUse
{
    /// <summary>Any weights are good to it, and stay what they are.</summary>
    Any = 0,

    /// <summary>It works on weights in float32: behind a step that stores them in another way it finds none.</summary>
    NeedsFloat32 = 1,

    /// <summary>It stores them in another way.</summary>
    StoresOtherwise = 2,
}
