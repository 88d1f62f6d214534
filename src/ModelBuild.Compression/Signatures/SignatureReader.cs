using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Signatures;

/// <summary>Reads a model's signature from its graph. The model may be loaded without weights.</summary>
internal static class SignatureReader
{
    /// <summary>Returns the signature of <paramref name="model"/>.</summary>
    public static ModelSignature Read(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Proto.Graph;
        var initializers = graph
            .Initializer.Select(tensor => tensor.Name)
            .Concat(graph.SparseInitializer.Select(sparse => sparse.Values?.Name ?? ""))
            .ToHashSet(StringComparer.Ordinal);
        var scores = new ScoreSource(graph);
        return new ModelSignature(
            FirstParagraph(model.Proto.DocString),
            [.. graph.Input.Where(input => !initializers.Contains(input.Name)).Select(ReadValue)],
            [.. graph.Output.Select(output => ReadValue(output) with { Scores = scores.Of(output.Name) })]
        );
    }

    /// <summary>Returns the name of an element type in signatures: <c>float32</c>, <c>int64</c>, <c>string</c>…</summary>
    public static string TypeName(DataType type) =>
        type switch
        {
            DataType.Float => "float32",
            DataType.Double => "float64",
            _ => type.ToString().ToLowerInvariant(),
        };

    /// <summary>Returns the signature of the tensor inside an optional input, or null when the content is not a tensor.</summary>
    internal static ValueSignature? ReadOptional(ValueInfoProto value) =>
        value.Type?.OptionalType?.ElemType is { TensorType: not null } inner ? ReadValue(new ValueInfoProto { Name = value.Name, Type = inner }) : null;

    private static ValueSignature ReadValue(ValueInfoProto value)
    {
        var type = value.Type;
        return type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => new ValueSignature(
                value.Name,
                ValueKind.Tensor,
                TypeName((DataType)type.TensorType.ElemType),
                ReadShape(type.TensorType.Shape)
            ),
            TypeProto.ValueOneofCase.SparseTensorType => new ValueSignature(value.Name, ValueKind.Sparse, OnnxText(type), null),
            TypeProto.ValueOneofCase.SequenceType => new ValueSignature(value.Name, ValueKind.Sequence, OnnxText(type), null) { ElementShape = Inside(type) },
            TypeProto.ValueOneofCase.MapType => new ValueSignature(value.Name, ValueKind.Map, OnnxText(type), null),
            TypeProto.ValueOneofCase.OptionalType => new ValueSignature(value.Name, ValueKind.Optional, OnnxText(type), null, Optional: true)
            {
                ElementShape = Inside(type),
            },
            // An output of the model may have no declared type, which ONNX Runtime then infers. The signature has the type 'undefined' for such an output.
            _ => new ValueSignature(value.Name, ValueKind.Tensor, "undefined", null),
        };
    }

    private static Dimension[]? Inside(TypeProto? type) =>
        type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => ReadShape(type.TensorType.Shape),
            TypeProto.ValueOneofCase.SequenceType => Inside(type.SequenceType.ElemType),
            TypeProto.ValueOneofCase.OptionalType => Inside(type.OptionalType.ElemType),
            _ => null,
        };

    private static Dimension[]? ReadShape(TensorShapeProto? shape) =>
        shape is null
            ? null
            :
            [
                .. shape.Dim.Select(dimension =>
                    dimension.ValueCase switch
                    {
                        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => new Dimension(dimension.DimValue, null),
                        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dimension.DimParam.Length > 0 => new Dimension(null, dimension.DimParam),
                        _ => new Dimension(null, null),
                    }
                ),
            ];

    private static string OnnxText(TypeProto? type) =>
        type?.ValueCase switch
        {
            TypeProto.ValueOneofCase.TensorType => $"tensor({ElementText(type.TensorType.ElemType)})",
            TypeProto.ValueOneofCase.SparseTensorType => $"sparse_tensor({ElementText(type.SparseTensorType.ElemType)})",
            TypeProto.ValueOneofCase.SequenceType => $"seq({OnnxText(type.SequenceType.ElemType)})",
            TypeProto.ValueOneofCase.MapType => $"map({ElementText(type.MapType.KeyType)},{OnnxText(type.MapType.ValueType)})",
            TypeProto.ValueOneofCase.OptionalType => $"optional({OnnxText(type.OptionalType.ElemType)})",
            _ => "undefined",
        };

    private static string ElementText(int type) => ((DataType)type).ToString().ToLowerInvariant();

    private static string FirstParagraph(string text) => text.ReplaceLineEndings("\n").Split("\n\n")[0].Replace('\n', ' ').Trim();
}
