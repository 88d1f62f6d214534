namespace ModelBuild.Compression.Pages.Report;

/// <summary>Specifies how well the outputs of a result agree with those of the original.</summary>
internal enum VerdictLevel
{
    /// <summary>The result is within its budget on real inputs that no step was fitted to, or no step was fitted.</summary>
    Good,

    /// <summary>The result is within its budget, but its figures have a limitation.</summary>
    Caution,

    /// <summary>The outputs were not compared in a meaningful way.</summary>
    Untested,

    /// <summary>At least one output is beyond its budget.</summary>
    Bad,

    /// <summary>The original model is deployed, so no outputs change.</summary>
    Unchanged,
}
