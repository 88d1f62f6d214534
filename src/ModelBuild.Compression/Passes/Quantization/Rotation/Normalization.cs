using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>
/// A normalization of the vectors of a value, y = γ ⊙ z + β with z = x / √(mean(x²) + ε), or z = (x − mean(x)) / √(variance(x) + ε). A rotation of x that
/// keeps the mean of each vector rotates z.
/// </summary>
/// <param name="Node">The node that reports name.</param>
/// <param name="Entrances">The nodes that read x.</param>
/// <param name="Output">The name of y.</param>
/// <param name="Gain">The use of γ; null if there is none.</param>
/// <param name="Shift">The use of β; null if there is none.</param>
internal sealed record Normalization(NodeProto Node, NodeProto[] Entrances, string Output, ConstantUse? Gain, ConstantUse? Shift);
