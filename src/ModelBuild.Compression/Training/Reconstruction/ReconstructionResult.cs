using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>What the reconstruction of a model gave.</summary>
/// <param name="Constants">The new constants of the model.</param>
/// <param name="Blocks">The number of blocks.</param>
/// <param name="Kept">The number of blocks whose error on held-out rows is smaller than before.</param>
internal sealed record ReconstructionResult(IReadOnlyList<TensorProto> Constants, int Blocks, int Kept);
