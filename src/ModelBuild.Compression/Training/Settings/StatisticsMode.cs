namespace ModelBuild.Compression.Training.Settings;

/// <summary>Specifies whether training changes the running mean and variance of <c>BatchNormalization</c>.</summary>
internal enum StatisticsMode
{
    /// <summary>The mean and variance keep their values.</summary>
    Frozen,

    /// <summary>The mean and variance are estimated again with the trained weights, and kept if the loss on held-out rows is not larger.</summary>
    Estimated,
}
