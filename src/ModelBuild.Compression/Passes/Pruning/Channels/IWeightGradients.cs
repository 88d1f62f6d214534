using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Gradients of a loss with respect to a model's weights: one for each of some samples or batches.</summary>
internal interface IWeightGradients
{
    /// <summary>The gradients with respect to one weight, in the same order for all weights, each with the elements in the weight's own order; nothing where there are none.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="weight">The weight.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1019: they do not fit the weight, or cannot be read.</exception>
    IEnumerable<float[]> Of(string name, TensorProto weight);
}
