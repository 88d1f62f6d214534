using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>The type and shape of a value that ONNX Runtime infers without running the model.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes; −1 for an unknown size.</param>
internal sealed record InferredTensor(DataType Type, long[] Shape)
{
    /// <summary>Whether the number of dimensions is known. If not, the shape is empty.</summary>
    public bool IsRankKnown { get; init; } = true;

    /// <summary>The symbol of each dimension as the model's inputs name it; an empty string for a dimension without a symbol.</summary>
    public string[] Symbols { get; init; } = [];

    /// <summary>The number of elements; null when a size is unknown.</summary>
    public long? Elements => Shape.Any(size => size < 0) ? null : Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>The size of all elements in bytes; null when a dimension is unknown, 0 for strings.</summary>
    public long? Bytes => Elements * SampleArray.ElementSize(Type);

    /// <summary>Returns the same element type and rank with all sizes unknown, because the sizes may differ between calls.</summary>
    public InferredTensor Open() => this with { Shape = Array.ConvertAll(Shape, _ => -1L) };

    /// <summary>
    /// Returns the declaration of a model input with this type and shape. An empty shape is not declared, because it belongs to a scalar or to a value of
    /// unknown rank.
    /// </summary>
    public ValueInfoProto Declare(string name)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)Type };
        if (Shape.Length > 0)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.Add(
                Shape.Select(size => size >= 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension())
            );
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = tensor },
        };
    }
}
