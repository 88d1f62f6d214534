namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Specifies how the range of an activation is chosen from its statistics.</summary>
internal enum CalibrationMethod
{
    /// <summary>The range extends from the smallest to the largest measured value.</summary>
    MinMax,

    /// <summary>The range extends between the moving averages of the smallest and of the largest value of each call.</summary>
    MovingAverage,

    /// <summary>The range extends between the means of the smallest and of the largest value of each call, which are robust to outliers.</summary>
    Mean,

    /// <summary>The range without a small share of the values in each tail.</summary>
    Percentile,

    /// <summary>The range whose quantized distribution diverges least from the measured one (Migacz 2017, 8-bit inference with TensorRT).</summary>
    Entropy,

    /// <summary>The range with the least mean squared error of the quantized values.</summary>
    Mse,
}
