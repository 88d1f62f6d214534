namespace ModelBuild.Compression.Pages.Report;

/// <summary>Specifies how well the outputs of a result agree with those of the original.</summary>
internal enum VerdictLevel
{
    /// <summary>The result is within its budget on real inputs that no step was fitted to, or no step was fitted.</summary>
    Good,

    /// <summary>The result is within its budget, and the figures have a limitation.</summary>
    Caution,

    /// <summary>The outputs were not compared in a meaningful way.</summary>
    Untested,

    /// <summary>An output is beyond its budget.</summary>
    Bad,

    /// <summary>The original is deployed.</summary>
    Unchanged,
}
