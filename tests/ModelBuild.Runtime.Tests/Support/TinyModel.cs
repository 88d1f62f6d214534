using Google.Protobuf;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Runtime.Tests.Support;

/// <summary>
/// Builds small models. A tensor is written as <c>x: float32[batch, 4]</c>, a node as <c>Add(a, b) -> c</c>; attributes are
/// integers.
/// </summary>
internal sealed class TinyModel
{
    private readonly ModelProto _model = new()
    {
        IrVersion = 8,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        Graph = new GraphProto { Name = "tiny" },
    };

    public TinyModel Input(params string[] tensors)
    {
        _model.Graph.Input.AddRange(tensors.Select(Value));
        return this;
    }

    public TinyModel Output(params string[] tensors)
    {
        _model.Graph.Output.AddRange(tensors.Select(Value));
        return this;
    }

    public TinyModel Node(string text, params (string Name, long Value)[] attributes)
    {
        var (call, results) = text.Split("->", StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : throw new FormatException(text);
        var open = call.IndexOf('(', StringComparison.Ordinal);
        var node = new NodeProto { OpType = call[..open] };
        node.Input.AddRange(Names(call[(open + 1)..^1]));
        node.Output.AddRange(Names(results));
        foreach (var (name, value) in attributes)
            node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value });
        _model.Graph.Node.Add(node);
        return this;
    }

    public TinyModel Weight(string name, long[] shape, float[] data)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Float };
        tensor.Dims.AddRange(shape);
        tensor.FloatData.AddRange(data);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Weights that are the same on every machine, small enough that nothing overflows.</summary>
    public TinyModel Weight(string name, params long[] shape)
    {
        var random = new Random(name.Length);
        return Weight(name, shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) / 4)]);
    }

    public TinyModel Indices(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64, Dims = { values.Length } };
        tensor.Int64Data.AddRange(values);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    public TinyModel Metadata(string key, string value)
    {
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    public byte[] ToBytes() => _model.ToByteArray();

    private static string[] Names(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static ValueInfoProto Value(string text)
    {
        var (name, type) = text.Split(": ") is [var left, var right] ? (left, right) : throw new FormatException(text);
        return new ValueInfoProto { Name = name, Type = type.StartsWith("seq(", StringComparison.Ordinal)
            ? new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = Tensor(type[4..^1]) } }
            : Tensor(type) };
    }

    private static TypeProto Tensor(string text)
    {
        var open = text.IndexOf('[', StringComparison.Ordinal);
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)Element(text[..open]) };
        var inside = text[(open + 1)..^1];
        if (inside != "*")
        {
            tensor.Shape = new TensorShapeProto();
            foreach (var dimension in inside.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                tensor.Shape.Dim.Add(
                    dimension == "?" ? new TensorShapeProto.Types.Dimension()
                    : long.TryParse(dimension, out var size) ? new TensorShapeProto.Types.Dimension { DimValue = size }
                    : new TensorShapeProto.Types.Dimension { DimParam = dimension });
        }

        return new TypeProto { TensorType = tensor };
    }

    private static DataType Element(string name) => name switch
    {
        "float32" => DataType.Float,
        "float64" => DataType.Double,
        _ => Enum.Parse<DataType>(name, ignoreCase: true),
    };
}
