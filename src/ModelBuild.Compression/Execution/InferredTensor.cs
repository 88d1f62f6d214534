using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>What ONNX Runtime knows of a value before it runs.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes; −1 where one is unknown.</param>
internal sealed record InferredTensor(DataType Type, long[] Shape)
{
    /// <summary>For each size the name of the open dimension that it is, as the model's inputs name it; empty where there is none.</summary>
    public string[] Symbols { get; init; } = [];

    /// <summary>The number of elements; null where a size is unknown.</summary>
    public long? Elements => Shape.Any(size => size < 0) ? null : Shape.Aggregate(1L, (a, b) => a * b);
}
