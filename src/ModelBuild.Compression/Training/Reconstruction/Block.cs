using ModelBuild.Compression.Training.Weights;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>A part of a quantized model between two values, through which all values that depend on weights pass.</summary>
/// <param name="Input">The value at which the block begins; null for a block that begins at the inputs of the model.</param>
/// <param name="Outputs">The values at which it ends: one, or all outputs of the model.</param>
/// <param name="Values">The values that are trained with this block.</param>
internal sealed record Block(string? Input, IReadOnlyList<string> Outputs, IReadOnlyList<TrainedValue> Values);
