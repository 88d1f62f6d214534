using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Gradients of a loss with respect to a model's weights, one gradient for each sample or batch.</summary>
internal interface IWeightGradients
{
    /// <summary>
    /// Returns the gradients with respect to one weight, in the same order of samples for all weights. Each has the elements in the order of the weight. The
    /// result is empty if there are none.
    /// </summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="weight">The weight.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1019: the gradients do not have the shape of the weight, or cannot be read.</exception>
    IEnumerable<float[]> Of(string name, TensorProto weight);
}
