namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies the loss that training minimizes.</summary>
internal enum LossKind
{
    /// <summary>The distance from the outputs of the model before compression: no labels are needed.</summary>
    Teacher,

    /// <summary>The cross-entropy of the labels.</summary>
    Labels,

    /// <summary>
    /// One minus the correlations with the teacher over classes and over samples (Huang et al., "Knowledge distillation from a stronger teacher", 2022).
    /// </summary>
    Dist,

    /// <summary>
    /// The distance from the outputs of the model before compression, and from the labels if there are any. The temperature and the factors of all terms are
    /// learned by what helps on held-out rows.
    /// </summary>
    Auto,
}
