namespace ModelBuild.Compression.Verification;

/// <summary>Specifies why the comparison of an output has no meaning.</summary>
internal enum NotMeasured
{
    /// <summary>The output has no elements on any input.</summary>
    Empty,

    /// <summary>The output has no finite number on any input in either model.</summary>
    NotFinite,

    /// <summary>The output of the original is the same on all inputs.</summary>
    Constant,

    /// <summary>The probabilities of the original are next to 0 or 1, and the same on all inputs.</summary>
    Saturated,

    /// <summary>The compressed model has no value with this name and shape.</summary>
    Missing,
}
