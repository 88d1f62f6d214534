namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies the loss that training minimizes.</summary>
internal enum LossKind
{
    /// <summary>The loss is the distance from the outputs of the model before compression. No labels are needed.</summary>
    Teacher,

    /// <summary>The loss is the cross-entropy of the labels.</summary>
    Labels,

    /// <summary>
    /// The loss is one minus the correlations with the teacher over classes and over samples (Huang et al., "Knowledge distillation from a stronger teacher",
    /// 2022).
    /// </summary>
    Dist,

    /// <summary>
    /// The loss is the distance from the outputs of the model before compression, and from the labels if there are any. The temperature and the factors of all
    /// terms are learned from their effect on held-out rows.
    /// </summary>
    Auto,
}
