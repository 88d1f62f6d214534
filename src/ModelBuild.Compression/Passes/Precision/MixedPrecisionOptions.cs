using ModelBuild.Compression.Formats;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>The options of the step <c>mixed-precision</c>.</summary>
/// <param name="Sqnr">The signal-to-quantization-noise ratio in dB that the worst output must reach on calibration samples held out from the search.</param>
/// <param name="Format">The format that the other layers compute in.</param>
/// <param name="Io">Whether the model's inputs and outputs are converted, too.</param>
/// <param name="Exclude">Names or operator types of nodes that stay float32 in any case, with <c>*</c> as a wildcard, separated by <c>|</c>.</param>
internal sealed record MixedPrecisionOptions(double Sqnr = 40, NarrowType Format = NarrowType.Float16, bool Io = false, string Exclude = "");
