namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The options of the step <c>int8</c>.</summary>
/// <param name="Calibration">The method that finds ranges; by default several methods are compared.</param>
/// <param name="Activations">The type of quantized activations; by default the type that is fastest on the target.</param>
/// <param name="Weights">The type of quantized weights: int8 or int16.</param>
/// <param name="Bits">
/// The number of bits of the codes of int8 weights, from 2 to 8. The codes are stored in 8 bits: fewer of them make a zipped package smaller.
/// </param>
/// <param name="PerChannel">Whether weights have a scale for each output channel; otherwise they have one scale.</param>
/// <param name="ReduceRange">Whether weights have 7 bits, so that sums of products cannot saturate on x64 CPUs without VNNI.</param>
/// <param name="Everywhere">Whether every layer that can be quantized is quantized, even if that costs the target more than it saves.</param>
/// <param name="Exclude">
/// Names or operator types of nodes that do not change, weights included, with <c>*</c> as a wildcard, separated by <c>|</c>; names in single quotes are
/// literal.
/// </param>
/// <param name="Layers">
/// Settings by layer: <c>pattern:setting+setting|…</c>, where a pattern is a node's name or operator type with <c>*</c>, and a setting is <c>float</c>
/// (computed in float, weights stored in int8), <c>per-tensor</c>, <c>per-channel</c>, <c>int8</c>, <c>int16</c> (weights), <c>w2</c> to <c>w8</c> (bits of
/// weights), <c>a4</c> to <c>a8</c>, <c>a16</c> (bits of activations), <c>symmetric</c>, <c>asymmetric</c>, <c>reduce-range</c>.
/// </param>
/// <param name="ActivationBits">
/// The number of bits of the codes of 8-bit activations, from 4 to 8. The codes are stored in 8 bits: fewer of them show what an accelerator with 4 bits
/// would answer, and make nothing faster.
/// </param>
internal sealed record Int8Options(
    Int8Calibration Calibration = Int8Calibration.Raced,
    QuantizedType Activations = QuantizedType.Auto,
    QuantizedType Weights = QuantizedType.Int8,
    int Bits = 8,
    bool PerChannel = true,
    bool ReduceRange = false,
    bool Everywhere = false,
    string Exclude = "",
    string Layers = "",
    int ActivationBits = 8
);
