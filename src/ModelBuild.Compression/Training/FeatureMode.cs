namespace ModelBuild.Compression.Training;

/// <summary>Which values inside a model follow those of the teacher.</summary>
internal enum FeatureMode
{
    /// <summary>The pairs that training chooses.</summary>
    Auto,

    /// <summary>All values that both models have by name.</summary>
    Pairs,

    /// <summary>Only outputs follow the teacher.</summary>
    None,
}
