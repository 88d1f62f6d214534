using Google.Protobuf;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Testing.Fixtures;

/// <summary>
/// Builds small models. A tensor is written as <c>x: float32[batch, 4]</c>, other values as <c>s: seq(float32[*])</c>, a node as <c>Add(a, b) -> c</c>;
/// attributes are
/// integers or texts. Operators of machine learning have the domain before them: <c>ml.ZipMap(…)</c>.
/// </summary>
public sealed class TinyModel
{
    private readonly ModelProto _model = new()
    {
        IrVersion = 8,
        OpsetImport =
        {
            new OperatorSetIdProto { Domain = "", Version = 18 },
            new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 },
        },
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
        var isLearning = call.StartsWith("ml.", StringComparison.Ordinal);
        var node = new NodeProto { OpType = call[(isLearning ? 3 : 0)..open], Domain = isLearning ? "ai.onnx.ml" : "" };
        node.Input.AddRange(Names(call[(open + 1)..^1]).Where(name => name.Length > 0));
        node.Output.AddRange(Names(results));
        foreach (var (name, value) in attributes)
            node.Attribute.Add(
                new AttributeProto
                {
                    Name = name,
                    Type = AttributeProto.Types.AttributeType.Int,
                    I = value,
                }
            );
        _model.Graph.Node.Add(node);
        return this;
    }

    /// <summary>Gives the last node a list of texts.</summary>
    public TinyModel Texts(string name, params string[] texts)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
        _model.Graph.Node[^1].Attribute.Add(attribute);
        return this;
    }

    /// <summary>Gives the last node a list of numbers.</summary>
    public TinyModel Numbers(string name, params long[] numbers)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(numbers);
        _model.Graph.Node[^1].Attribute.Add(attribute);
        return this;
    }

    /// <summary>Gives the last node a type.</summary>
    public TinyModel Type(string name, string type)
    {
        _model
            .Graph.Node[^1]
            .Attribute.Add(
                new AttributeProto
                {
                    Name = name,
                    Type = AttributeProto.Types.AttributeType.TypeProto,
                    Tp = Parse(type),
                }
            );
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
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)DataType.Int64,
            Dims = { values.Length },
        };
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
        return new ValueInfoProto { Name = name, Type = Parse(type) };
    }

    private static TypeProto Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var inside = open < 0 ? "" : text[(open + 1)..^1];
        return open < 0
            ? Tensor(text)
            : text[..open] switch
            {
                "seq" => new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = Parse(inside) } },
                "optional" => new TypeProto { OptionalType = new TypeProto.Types.Optional { ElemType = Parse(inside) } },
                _ => inside.Split(", ", 2) is [var key, var value]
                    ? new TypeProto
                    {
                        MapType = new TypeProto.Types.Map { KeyType = (int)Element(key), ValueType = Parse(value) },
                    }
                    : throw new FormatException(text),
            };
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
                    : new TensorShapeProto.Types.Dimension { DimParam = dimension }
                );
        }

        return new TypeProto { TensorType = tensor };
    }

    private static DataType Element(string name) =>
        name switch
        {
            "float32" => DataType.Float,
            "float64" => DataType.Double,
            _ => Enum.Parse<DataType>(name, ignoreCase: true),
        };
}
