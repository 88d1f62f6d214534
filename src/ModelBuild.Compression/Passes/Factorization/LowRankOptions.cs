namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>The options of the step <c>low-rank</c>.</summary>
/// <param name="Ratio">The largest share of multiply-adds that remains.</param>
/// <param name="Spread">Whether the ratio applies to each layer or to all layers together.</param>
/// <param name="Energy">
/// Instead of a ratio: the least share of the variance of each layer's outputs (without data, of its squared weights) that remains; 0 for none.
/// </param>
/// <param name="Sqnr">
/// Instead of a ratio: the least SQNR in dB of the model's outputs on held-out samples; 0 for none. The option needs calibration data.
/// </param>
/// <param name="Method">The form that convolutions are divided into.</param>
/// <param name="Exclude">Names of weights, or names or operator types of layers that do not change, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record LowRankOptions(
    double Ratio = 0.5,
    LowRankSpread Spread = LowRankSpread.Layer,
    double Energy = 0,
    double Sqnr = 0,
    LowRankMethod Method = LowRankMethod.Auto,
    string Exclude = ""
);
