using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>The shapes of the values of the main graph, and the operators that move whole vectors of a value's last axis.</summary>
internal sealed class ValueSizes
{
    private readonly Graph _main;
    private readonly IReadOnlyDictionary<string, InferredTensor> _values;

    /// <summary>Infers the shapes of all values of the main graph.</summary>
    /// <param name="main">The main graph.</param>
    public ValueSizes(Graph main) => (_main, _values) = (main, ShapeInference.DescribeOutputs(main.Model, new Dictionary<string, long[]>()));

    /// <summary>Returns the sizes of a value, −1 for unknown ones; null if the number of axes is unknown.</summary>
    public long[]? Of(string value) =>
        _main.TryGetConstant(value, out var constant) ? [.. constant.Dims]
        : _values.TryGetValue(value, out var known) && known.Shape.Length > 0 ? known.Shape
        : _main.IsInput(value) && _main.TypeOf(value)?.TensorType?.Shape is { } declared
            ? [.. declared.Dim.Select(size => size.HasDimValue ? size.DimValue : -1)]
        : null;

    /// <summary>Returns the size of the last axis of a value; −1 if it is unknown.</summary>
    public long Last(string value) => Of(value) is [.., var last] ? last : -1;

    /// <summary>
    /// Returns whether the node's outputs are the vectors along the last axis of its data inputs in another order or number, so that a rotation of all vectors
    /// of the inputs rotates all vectors of the outputs.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="size">The size of the last axis.</param>
    public bool MovesVectors(NodeProto node, long size) =>
        node.IsStandard()
        && Last(node.Input[0]) == size
        && Last(node.Output[0]) == size
        && node.OpType switch
        {
            "Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Expand" => true,
            "Transpose" => node.GetInts("perm") is [.. var front, var last] && last == front.Length,
            "Gather" or "Concat" or "Split" => IsBeforeLast(node, node.GetInt("axis")),
            "Slice" => Integers(node.InputAt(3)) is { } axes && axes.All(axis => IsBeforeLast(node, axis)),
            _ => false,
        };

    /// <summary>Returns the data inputs of a node that moves vectors, from which its output vectors come.</summary>
    public static IEnumerable<string> Data(NodeProto node) => node.OpType == "Concat" ? node.Input : node.Input.Take(1);

    /// <summary>Returns the elements of a constant of 64-bit integers; null for any other value.</summary>
    public long[]? Integers(string value) =>
        value.Length > 0 && _main.TryGetConstant(value, out var tensor) && tensor.DataType == (int)DataType.Int64 ? tensor.Span<long>().ToArray() : null;

    private bool IsBeforeLast(NodeProto node, long axis) => Of(node.Input[0]) is { } shape && (axis < 0 ? axis + shape.Length : axis) < shape.Length - 1;
}
