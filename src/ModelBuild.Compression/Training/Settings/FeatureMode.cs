namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies which values inside the model training compares with those of the teacher.</summary>
internal enum FeatureMode
{
    /// <summary>
    /// Training compares the values that both models have by name; for another architecture, values that a learned map converts to those of the teacher.
    /// </summary>
    Auto,

    /// <summary>Training compares the values that both models have by name.</summary>
    Pairs,

    /// <summary>Training compares no values inside the model.</summary>
    None,
}
