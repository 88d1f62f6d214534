using ModelBuild.Onnx;
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

    /// <summary>The bytes of all elements; null where a size is unknown, 0 for strings.</summary>
    public long? Bytes => Elements * SampleArray.ElementSize(Type);

    /// <summary>The same with all sizes left open, since they may differ from call to call.</summary>
    public InferredTensor Open() => this with { Shape = Array.ConvertAll(Shape, _ => -1L) };

    /// <summary>A model's input of this type. No sizes at all leave them open: they may be those of a scalar, or of a rank that is unknown.</summary>
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
