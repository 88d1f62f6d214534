namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>How the range of an activation is chosen from its statistics.</summary>
public enum CalibrationMethod
{
    /// <summary>From the least to the greatest value seen.</summary>
    MinMax,

    /// <summary>The moving average of the calls' extremes.</summary>
    MovingAverage,

    /// <summary>The mean of the calls' extremes: robust to outliers.</summary>
    Mean,

    /// <summary>All but a small share of the values in each tail.</summary>
    Percentile,

    /// <summary>The range whose quantized distribution diverges least from the one seen (Migacz 2017, 8-bit inference with TensorRT).</summary>
    Entropy,

    /// <summary>The range with the least mean squared error of the quantized values.</summary>
    Mse,
}
