namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies how the learning rate changes during training.</summary>
internal enum ScheduleKind
{
    /// <summary>The rate rises in the first 5 % of the steps, then falls along half a cosine to 1 % of itself.</summary>
    Cosine,

    /// <summary>The rate rises in the first 5 % of the steps, then falls along a line to 1 % of itself.</summary>
    Linear,

    /// <summary>The rate is a tenth after half of the steps, and a hundredth after three quarters.</summary>
    Step,

    /// <summary>The rate is the same in all steps.</summary>
    Constant,
}
