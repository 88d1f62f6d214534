namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Specifies the method by which <c>int8</c> finds the ranges of activations.</summary>
internal enum Int8Calibration
{
    /// <summary>Compares several methods for ranges and equalization on samples held out from the fit, and then solves the layers of the best one.</summary>
    Raced,

    /// <summary>
    /// Solves the layers of every combination of a fixed list, and keeps the one with the highest fidelity on samples held out from the fit. This takes several
    /// times as long.
    /// </summary>
    Best,

    /// <summary>Uses the first combination of the fixed list without a comparison.</summary>
    Fast,

    /// <summary>The range is from the least to the greatest value.</summary>
    MinMax,

    /// <summary>The range is the moving average of the extremes of the calls.</summary>
    MovingAverage,

    /// <summary>The range is the mean of the extremes of all calls.</summary>
    Mean,

    /// <summary>The range covers 99.999 % of the values.</summary>
    Percentile,

    /// <summary>The range minimizes the divergence between the distributions of the values before and after quantization.</summary>
    Entropy,

    /// <summary>The range minimizes the squared error of the quantized values.</summary>
    Mse,
}
