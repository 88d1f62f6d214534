namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>How <c>int8</c> finds the ranges of activations.</summary>
public enum Int8Calibration
{
    /// <summary>Compares ways to find ranges and to equalize on samples held out from the fit, and solves the layers of the best one.</summary>
    Raced,

    /// <summary>Solves the layers of every combination of a fixed list, and keeps the one that answers best on samples held out from the fit: takes
    /// several times as long.</summary>
    Best,

    /// <summary>Takes the first combination of that list, and compares nothing.</summary>
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
