using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The main graph of a model with the types and shapes of its values in a batch.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Types">The types and shapes of the outputs of its nodes.</param>
internal sealed record DescribedGraph(Graph Graph, IReadOnlyDictionary<string, InferredTensor> Types)
{
    /// <summary>Returns the sizes of a float32 value that a node computes; null if a size is unknown, or for other values.</summary>
    public long[]? Sizes(string value) =>
        Graph.Producer(value) is not null && Types.TryGetValue(value, out var type) && type is { Type: DataType.Float, IsRankKnown: true, Elements: > 0 }
            ? type.Shape
            : null;
}
