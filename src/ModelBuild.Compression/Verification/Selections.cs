using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Finds the values that outputs are selected by. Selecting nodes compute positions, flags or fewer rows from floats, so that a small error may change an
/// output completely. Therefore their inputs are compared, too.
/// </summary>
/// <param name="main">The main graph.</param>
internal sealed class Selections(Graph main)
{
    private static readonly HashSet<string> Selecting =
    [
        "NonMaxSuppression",
        "TopK",
        "NonZero",
        "Compress",
        "ArgMax",
        "ArgMin",
        "Unique",
        "Greater",
        "GreaterOrEqual",
        "Less",
        "LessOrEqual",
        "Where",
    ];

    // The operators whose number of output rows depends on the values of their inputs.
    private static readonly HashSet<string> Counting = ["NonMaxSuppression", "NonZero", "Compress", "Unique"];

    // The operators through which the search for a selecting node continues, because they have no weights that compression changes.
    private static readonly HashSet<string> Simple =
    [
        "Gather",
        "GatherND",
        "GatherElements",
        "ScatterND",
        "ScatterElements",
        "Concat",
        "Split",
        "Slice",
        "Expand",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Not",
        "And",
        "Or",
        "Xor",
        "Equal",
        "Shape",
        "ReduceMax",
        "ReduceMin",
        "ReduceSum",
        "Clip",
        "Min",
        "Max",
        "Floor",
        "Ceil",
        "Round",
        "Pad",
        "Tile",
    ];

    /// <summary>
    /// Returns the values that the selections before an output read, with the operators that select by them. The values nearest to the output come first, and
    /// they may have any type.
    /// </summary>
    public IReadOnlyDictionary<string, string> Feeders(string output)
    {
        var feeders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in Behind(output).Where(node => Selecting.Contains(node.OpType)))
        foreach (var input in node.Input.Where(input => input.Length > 0 && !main.IsConstant(input) && main.Producer(input) is not null))
            feeders.TryAdd(input, node.OpType);
        return feeders;
    }

    /// <summary>Returns the layout of the selected rows of an output, or null when no selection changes their number or order.</summary>
    public RowLayout? Rows(string output, bool isFloat, int rank, int? openAxis)
    {
        var maker = PassingOperators.Maker(main, output);
        if (maker is null || rank == 0)
            return null;
        if (maker.Is("NonZero"))
            // The output of NonZero has one position in each column. Exporters often transpose this output, so that each row is one position.
            return IsTransposed(output) ? new RowLayout(0) : new RowLayout(-1, AreColumns: true);
        if (maker.Is("TopK"))
            // The values of TopK are sorted, so they are compared by position. The indices of TopK are compared as rows.
            return isFloat && IsFirstOutput(maker, output) ? null : new RowLayout(Math.Min(1, rank - 1));
        var behind = Behind(output).ToArray();
        if (behind.Any(node => Counting.Contains(node.OpType)))
            return new RowLayout(openAxis ?? 0);
        return behind.Any(node => node.Is("TopK")) ? new RowLayout(Math.Min(1, rank - 1)) : null;
    }

    /// <summary>Returns whether a value with a known type holds floats.</summary>
    public static bool IsFloat(IReadOnlyDictionary<string, InferredTensor> tensors, string value) =>
        tensors.TryGetValue(value, out var tensor) && tensor.Type is DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16;

    // Returns the selecting and simple nodes before an output, up to nodes with weights or other computations.
    private IEnumerable<NodeProto> Behind(string output)
    {
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Queue<string>([output]);
        while (open.TryDequeue(out var value))
        {
            if (main.Producer(value) is not { } node || !main.Contains(node) || !seen.Add(node))
                continue;
            if (!Selecting.Contains(node.OpType) && !Simple.Contains(node.OpType) && !PassingOperators.Contains(node))
                continue;
            yield return node;
            foreach (var input in node.Input.Where(input => input.Length > 0))
                open.Enqueue(input);
        }
    }

    private bool IsTransposed(string output)
    {
        var transposes = 0;
        for (var node = main.Producer(output); node is not null && PassingOperators.Contains(node); node = main.Producer(node.Input[0]))
            transposes += node.Is("Transpose") ? 1 : 0;
        return transposes % 2 == 1;
    }

    private bool IsFirstOutput(NodeProto maker, string output)
    {
        var value = output;
        while (main.Producer(value) is { } node && !ReferenceEquals(node, maker))
            value = node.Input[0];
        return maker.Output[0] == value;
    }
}
