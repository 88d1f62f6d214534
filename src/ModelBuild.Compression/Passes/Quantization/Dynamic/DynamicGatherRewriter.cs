using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Replaces an embedding, Gather of rows of a constant table, by Cast(Gather(int8 table)) · Gather(scales of the rows). The table takes a quarter of the file
/// and of the memory. The additional work depends on the number of rows that are looked up, not on the size of the table.
/// </summary>
internal static class DynamicGatherRewriter
{
    /// <summary>The least number of elements of a table that is rewritten. A smaller table does not justify three more nodes.</summary>
    public const int MinElements = 1 << 14;

    // The smallest number of elements of a row whose table is quantized, because each row needs a scale of four bytes.
    private const int MinRowElements = 16;

    private static readonly Refusal NoRows = new("it does not look up rows");
    private static readonly Refusal ShortRows = new("its rows are too short to save anything");
    private static readonly Refusal OtherReaders = new("other nodes read the table");

    /// <summary>Returns whether the node looks up rows of a table of at least <see cref="MinElements"/> elements.</summary>
    public static bool IsCandidate(Graph scope, NodeProto node) =>
        IsLookup(node)
        && node.Input.Count == 2
        && scope.TryGetConstant(node.Input[0], out var table)
        && table.DataType == (int)DataType.Float
        && table.Dims.Count >= 2
        && table.ElementCount() >= MinElements;

    /// <summary>Returns the reason why a table stays in float32; null if it can be rewritten.</summary>
    /// <param name="scope">The node's scope.</param>
    /// <param name="node">A node that is a candidate.</param>
    /// <param name="isQuantized">Whether another reader of the table will read its own quantized form.</param>
    public static Refusal? WhyNot(Graph scope, NodeProto node, Func<Graph, NodeProto, bool> isQuantized)
    {
        var table = scope.Constant(node.Input[0]);
        if (node.GetInt("axis", 0) != 0)
            return NoRows;
        if (table.ElementCount() / table.Dims[0] < MinRowElements)
            return ShortRows;
        var owner = scope.ScopeOf(node.Input[0])!;
        if (owner.IsOutputAnywhere(node.Input[0]) || owner.Consumers(node.Input[0]).Any(use => !IsRowLookup(use) && !isQuantized(use.Graph, use.Node)))
            return OtherReaders;
        return Refusal.OfNotFinite(table.Span<float>());
    }

    /// <summary>Rewrites a node for which <see cref="WhyNot"/> returns null.</summary>
    public static void Rewrite(Graph scope, NodeProto node, DynamicWeights weights)
    {
        var table = weights.Table(scope, node.Input[0]);
        var (rows, result) = (node.Input[1], node.Output[0]);
        var (values, real) = (scope.FreshName($"{result}_int8"), scope.FreshName($"{result}_float"));
        var replacement = new List<NodeProto>
        {
            Nodes.Create("Gather", [table.Values, rows], [values], node.Name),
            Nodes.Create("Cast", [values], [real], attributes: ("to", (long)DataType.Float)),
        };
        var scale = table.Scale;
        if (weights.PerChannel)
        {
            scale = scope.FreshName($"{result}_scale");
            replacement.Add(Nodes.Create("Gather", [table.Scale, rows], [scale]));
        }

        replacement.Add(Nodes.Create("Mul", [real, scale], [result]));
        scope.Replace(node, [.. replacement]);
    }

    /// <summary>Returns whether the operator looks up rows of a table of floats.</summary>
    public static bool IsLookup(NodeProto node) => WeightedOperator.Find(node)?.Kind == WeightedKind.Embedding;

    private static bool IsRowLookup(ValueUse use) => use.Index == 0 && IsLookup(use.Node) && use.Node.GetInt("axis", 0) == 0;
}
