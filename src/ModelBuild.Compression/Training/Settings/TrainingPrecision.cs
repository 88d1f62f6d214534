namespace ModelBuild.Compression.Training.Settings;

/// <summary>
/// Specifies the number format in which training computes products and convolutions, forward and backward. The weights and the optimizer stay in float32.
/// </summary>
internal enum TrainingPrecision
{
    /// <summary>Products are computed in float32.</summary>
    Full,

    /// <summary>Products are computed in float16, with a factor on the loss that keeps small gradients from becoming zero.</summary>
    Mixed,

    /// <summary>Products are computed in bfloat16, whose range is that of float32.</summary>
    Bfloat16,
}
