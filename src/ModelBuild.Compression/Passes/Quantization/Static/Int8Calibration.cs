namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>How <c>int8</c> finds the ranges of activations.</summary>
public enum Int8Calibration
{
    /// <summary>Tries a fixed list of combinations of calibration and recovery, and keeps the one that answers best on samples held out from the fit.</summary>
    Best,

    /// <summary>Takes the first combination of that list.</summary>
    Fast,

    /// <summary>The least and the greatest value.</summary>
    MinMax,

    /// <summary>The moving average of the calls' extremes.</summary>
    MovingAverage,

    /// <summary>The mean of the calls' extremes.</summary>
    Mean,

    /// <summary>99.999 % of the values.</summary>
    Percentile,

    /// <summary>The least divergence of the distribution.</summary>
    Entropy,

    /// <summary>The least squared error.</summary>
    Mse,
}
