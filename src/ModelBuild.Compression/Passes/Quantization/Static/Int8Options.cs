namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Options of <c>int8</c>.</summary>
/// <param name="Calibration">How ranges are found; by default by comparing a few.</param>
/// <param name="Activations">The type of quantized activations; by default what the target multiplies fastest.</param>
/// <param name="Weights">The type of quantized weights: int8 or int16.</param>
/// <param name="PerChannel">A weight scale for each output channel rather than one for the tensor.</param>
/// <param name="ReduceRange">Weights of 7 bits, which cannot saturate on x64 processors without VNNI.</param>
/// <param name="Everywhere">Quantizes every layer that can be, also where it costs the target more than it saves.</param>
/// <param name="Exclude">Names or operator types of nodes to leave as they are, weights included, with <c>*</c> as a wildcard, separated by <c>|</c>; literal in single quotes.</param>
/// <param name="Layers">Settings by layer: <c>pattern:setting+setting|…</c>, where a pattern is a node's name or operator type with <c>*</c>, and a setting is
/// <c>float</c> (computed in float, weights stored in int8), <c>per-tensor</c>, <c>per-channel</c>, <c>int8</c>, <c>int16</c> (weights), <c>a8</c>, <c>a16</c> (activations), <c>symmetric</c>, <c>asymmetric</c>, <c>reduce-range</c>.</param>
internal sealed record Int8Options(
    Int8Calibration Calibration = Int8Calibration.Raced,
    QuantizedType Activations = QuantizedType.Auto,
    QuantizedType Weights = QuantizedType.Int8,
    bool PerChannel = true,
    bool ReduceRange = false,
    bool Everywhere = false,
    string Exclude = "",
    string Layers = ""
);
