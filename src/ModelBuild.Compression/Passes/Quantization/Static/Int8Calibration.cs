namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The method by which <c>int8</c> finds the ranges of activations.</summary>
internal enum Int8Calibration
{
    /// <summary>Compares several methods for ranges and equalization on samples held out from the fit, and then solves the layers of the best one.</summary>
    Raced,

    /// <summary>
    /// Solves the layers of every combination of a fixed list, and keeps the one with the highest fidelity on samples held out from the fit. This takes several
    /// times as long.
    /// </summary>
    Best,

    /// <summary>Uses the first combination of that list without a comparison.</summary>
    Fast,

    /// <summary>The range is from the least to the greatest value.</summary>
    MinMax,

    /// <summary>The range is the moving average of the calls' extremes.</summary>
    MovingAverage,

    /// <summary>The range is the mean of the calls' extremes.</summary>
    Mean,

    /// <summary>The range covers 99.999 % of the values.</summary>
    Percentile,

    /// <summary>The range minimizes the divergence of the distribution.</summary>
    Entropy,

    /// <summary>The range minimizes the squared error.</summary>
    Mse,
}
