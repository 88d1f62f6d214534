using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>
/// The number with which each row along the last axis of a value begins, if it is the same for all rows. In a causal mask, each position may attend to the
/// first position. The mask may be cut out of a larger one when the model runs, so that no other element is known.
/// </summary>
/// <param name="Value">The number; 1 for true.</param>
/// <param name="Rank">The number of axes; null where it is not known.</param>
internal sealed record RowStart(double Value, int? Rank)
{
    // The largest number of consecutive nodes that are followed to find the start of a row, because masks are computed by a few nodes.
    private const int MaxDepth = 16;

    /// <summary>Returns the constant first element of each row of a value; null if it is not known.</summary>
    public static RowStart? Of(Graph scope, string value) => Of(scope, value, MaxDepth);

    private static RowStart? Of(Graph scope, string value, int depth)
    {
        if (value.Length == 0 || depth == 0 || scope.ScopeOf(value) is not { } owner)
            return null;
        if (owner.TryGetConstant(value, out var constant))
            return OfConstant(constant);
        if (owner.Producer(value) is not { } node || !node.IsStandard())
            return null;
        RowStart? Input(int index) => Of(owner, node.InputAt(index), depth - 1);
        return node.OpType switch
        {
            "Identity" or "Cast" or "Dropout" => Input(0),
            "Expand" => Input(0) is { } start ? start with { Rank = null } : null,
            "Not" => Input(0) is { } start ? start with { Value = start.Value == 0 ? 1 : 0 } : null,
            "ConstantOfShape" => node.GetTensor("value") is { } filling
                ? OfConstant(filling) is { } start
                    ? start with
                    {
                        Rank = null,
                    }
                    : null
                : new RowStart(0, null),
            "Slice" => Input(0) is { } start && IsFromFirst(owner, node, start.Rank) ? start : null,
            "Unsqueeze" => Input(0) is { Rank: { } rank } start
            && Axes(owner, node) is { } axes
            && axes.All(axis => axis >= 0 ? axis < rank + axes.Length - 1 : axis < -1)
                ? start with
                {
                    Rank = rank + axes.Length,
                }
                : null,
            "Trilu" => Trilu(owner, node, Input(0)),
            "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "And" or "Or" or "Add" or "Sub" or "Mul" => Input(0) is { } a
            && Input(1) is { } b
                ? new RowStart(Combined(node.OpType, a.Value, b.Value), a.Rank is { } left && b.Rank is { } right ? Math.Max(left, right) : null)
                : null,
            _ => null,
        };
    }

    private static double Combined(string operation, double a, double b) =>
        operation switch
        {
            "Equal" => a == b ? 1 : 0,
            "Greater" => a > b ? 1 : 0,
            "GreaterOrEqual" => a >= b ? 1 : 0,
            "Less" => a < b ? 1 : 0,
            "LessOrEqual" => a <= b ? 1 : 0,
            "And" => a != 0 && b != 0 ? 1 : 0,
            "Or" => a != 0 || b != 0 ? 1 : 0,
            "Add" => a + b,
            "Sub" => a - b,
            _ => a * b,
        };

    private static RowStart? OfConstant(TensorProto tensor)
    {
        var values = (DataType)tensor.DataType switch
        {
            DataType.Bool or DataType.Uint8 => Array.ConvertAll(tensor.RawData.ToByteArray(), number => (double)number),
            DataType.Int64 => Array.ConvertAll(tensor.Span<long>().ToArray(), number => (double)number),
            DataType.Int32 => Array.ConvertAll(tensor.Span<int>().ToArray(), number => (double)number),
            DataType.Float or DataType.Float16 or DataType.Double => Array.ConvertAll(tensor.ToFloats(), number => (double)number),
            _ => [],
        };
        var length = tensor.Dims.Count == 0 ? 1 : (int)tensor.Dims[^1];
        if (values.Length == 0 || length == 0)
            return null;
        for (var start = 0; start < values.Length; start += length)
            if (!values[start].Equals(values[0]))
                return null;
        return new RowStart(values[0], tensor.Dims.Count);
    }

    // Returns whether the slice keeps the start of each row. Along the last axis it must start at the first element; along another axis it may take any rows,
    // because all rows start with the same elements.
    private static bool IsFromFirst(Graph scope, NodeProto slice, int? rank)
    {
        var starts = Integers(scope, slice, 1, "starts");
        var axes = Integers(scope, slice, 3, "axes");
        if (slice.InputAt(4).Length > 0 && Integers(scope, slice, 4, "steps")?.All(step => step == 1) != true)
            return false;
        if (starts?.All(start => start == 0) == true)
            return true;
        return axes is not null
            && rank is { } known
            && axes.Index().All(axis => (axis.Item != known - 1 && axis.Item != -1) || (starts is not null && starts[axis.Index] == 0));
    }

    // Returns the start of each row after a Trilu. The lower triangle with the diagonal keeps the first column, and the upper one without the diagonal sets it
    // to zero.
    private static RowStart? Trilu(Graph scope, NodeProto node, RowStart? start)
    {
        var shift =
            node.InputAt(1).Length == 0 ? 0
            : Integers(scope, node, 1, "k") is [var given] ? given
            : (long?)null;
        if (shift is null)
            return null;
        return node.GetInt("upper", 1) == 0 ? (shift >= 0 ? start : null)
            : shift >= 1 ? new RowStart(0, start?.Rank)
            : null;
    }

    private static long[]? Axes(Graph scope, NodeProto node) => Integers(scope, node, 1, "axes");

    private static long[]? Integers(Graph scope, NodeProto node, int input, string attribute)
    {
        if (node.InputAt(input).Length == 0)
            return node.GetInts(attribute);
        return scope.TryGetConstant(node.Input[input], out var tensor)
            ? (DataType)tensor.DataType switch
            {
                DataType.Int64 => tensor.Span<long>().ToArray(),
                DataType.Int32 => [.. tensor.Span<int>().ToArray().Select(number => (long)number)],
                _ => null,
            }
            : null;
    }
}
