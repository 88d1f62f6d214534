namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Options of <c>low-rank</c>.</summary>
/// <param name="Ratio">The share of multiply-adds that remains, at most.</param>
/// <param name="Spread">What the ratio is a share of: each layer's multiply-adds, or all layers'.</param>
/// <param name="Energy">Instead of a ratio: the share of the variance of each layer's answers (without data, of its squared weights) that remains, at least; 0 for none.</param>
/// <param name="Sqnr">Instead of a ratio: the SQNR in dB that the model's outputs keep on held-out samples, at least; 0 for none. Needs data.</param>
/// <param name="Method">How convolutions are divided.</param>
/// <param name="Exclude">Names of weights, or names or operator types of layers to leave as they are, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record LowRankOptions(
    double Ratio = 0.5,
    LowRankSpread Spread = LowRankSpread.Layer,
    double Energy = 0,
    double Sqnr = 0,
    LowRankMethod Method = LowRankMethod.Auto,
    string Exclude = ""
);
