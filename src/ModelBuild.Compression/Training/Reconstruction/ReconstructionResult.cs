using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>The result of the reconstruction of a model.</summary>
/// <param name="Constants">The new constants of the model.</param>
/// <param name="Kept">The number of blocks whose error on held-out rows is smaller than before.</param>
/// <param name="WhyNot">Why no block is kept; null if one is.</param>
internal sealed record ReconstructionResult(IReadOnlyList<TensorProto> Constants, int Kept, string? WhyNot)
{
    /// <summary>Creates the result of a model that was not trained.</summary>
    public static ReconstructionResult Not(string why) => new([], Kept: 0, why);
}
