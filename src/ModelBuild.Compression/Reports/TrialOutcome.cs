namespace ModelBuild.Compression.Reports;

/// <summary>One alternative that a step compared with others on calibration samples held out from the fit.</summary>
/// <param name="Recipe">The alternative, as steps of a recipe.</param>
/// <param name="SqnrDb">The worst output's signal-to-quantization-noise ratio in dB.</param>
/// <param name="Kept">Whether it was kept.</param>
public sealed record TrialOutcome(string Recipe, double SqnrDb, bool Kept);
