namespace ModelBuild.Compression.Verification;

/// <summary>Why the comparison of an output says nothing.</summary>
public enum NotMeasured
{
    /// <summary>The output has no elements on any input.</summary>
    Empty,

    /// <summary>The output has no finite number on any input, in both models.</summary>
    NotFinite,

    /// <summary>The original gives the same values on all inputs.</summary>
    Constant,

    /// <summary>The original's probabilities lie next to 0 or 1, and are the same on all inputs.</summary>
    Saturated,

    /// <summary>The compressed model has no value of that name and shape.</summary>
    Missing,
}
