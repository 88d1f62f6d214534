using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Computes at build time what depends on constants alone, by running those nodes on ONNX Runtime.
/// Only operators whose result is the same on every processor are folded (data movement, integer arithmetic, single correctly rounded
/// float operations of IEEE 754); sums and transcendental functions are left to ONNX Runtime, which folds them when the model loads.
/// What would grow the file (Expand, ConstantOfShape, a weight stored small behind a Cast) stays as it is.
/// </summary>
internal sealed class ConstantFolding : IGraphRewrite
{
    // Room for scalars and shapes that a fold turns from nothing into a tensor.
    private const int AllowedGrowth = 1024;

    private static readonly HashSet<string> Exact =
    [
        "Abs", "Add", "And", "ArgMax", "ArgMin", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "Cast", "CastLike", "Ceil", "Clip",
        "Compress", "Concat", "ConstantOfShape", "DepthToSpace", "Div", "Equal", "Expand", "EyeLike", "Flatten", "Floor", "Gather", "GatherElements",
        "GatherND", "Greater", "GreaterOrEqual", "Identity", "IsInf", "IsNaN", "Less", "LessOrEqual", "Max", "Min", "Mod", "Mul", "Neg", "NonZero", "Not",
        "OneHot", "Or", "Pad", "Range", "Reciprocal", "Relu", "Reshape", "Round", "ScatterElements", "ScatterND", "Shape", "Sign", "Size", "Slice",
        "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sub", "Tile", "Transpose", "Trilu", "Unique", "Unsqueeze", "Where", "Xor",
    ];

    public string Effect => "constants folded";

    public int Apply(Graph main, CancellationToken cancellationToken) =>
        main.SelfAndSubgraphs().Sum(scope => Fold(scope, cancellationToken));

    private static int Fold(Graph scope, CancellationToken cancellationToken)
    {
        var selected = Select(scope);
        if (selected.Count == 0)
            return 0;

        var wanted = selected.SelectMany(node => node.Output).Where(value => value.Length > 0).ToArray();
        if (ConstantEvaluator.TryEvaluate(scope, selected, wanted, cancellationToken) is not { } results)
            return 0;

        var folded = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in selected)
        {
            var inputs = node.Input.Where(value => value.Length > 0).ToArray();
            if (inputs.Any(value => !known.Contains(value) && !scope.TryGetConstant(value, out _)))
                continue;
            var before = inputs.Sum(value => results.TryGetValue(value, out var t) ? t.RawData.Length : scope.TryGetConstant(value, out t!) ? t.RawData.Length : 0L);
            var after = node.Output.Where(value => value.Length > 0).Sum(value => (long)results[value].RawData.Length);
            if (after > before + AllowedGrowth)
                continue;
            folded.Add(node);
            known.UnionWith(node.Output);
        }

        foreach (var node in folded)
        {
            scope.Remove(node);
            foreach (var value in node.Output.Where(value => value.Length > 0))
                scope.AddInitializer(results[value].WithName(value));
        }

        return folded.Count;
    }

    private static List<NodeProto> Select(Graph scope)
    {
        var selected = new List<NodeProto>();
        var constant = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in scope.Nodes)
        {
            if (node.Domain is not ("" or "ai.onnx") || !Exact.Contains(node.OpType) || node.Input.All(value => value.Length == 0))
                continue;
            if (node.Output.Any(scope.IsOutputAnywhere) || IsStoredWeight(scope, node))
                continue;
            if (!node.Input.All(value => value.Length == 0 || constant.Contains(value) || IsTensorConstant(scope, value)))
                continue;
            selected.Add(node);
            constant.UnionWith(node.Output.Where(value => value.Length > 0));
        }

        return selected;
    }

    private static bool IsTensorConstant(Graph scope, string value) =>
        scope.TryGetConstant(value, out var tensor) && tensor.DataType != (int)TensorProto.Types.DataType.String;

    // A Cast from a narrow type to float is how weights are stored small; folding it would only blow the file up.
    private static bool IsStoredWeight(Graph scope, NodeProto node) =>
        node.OpType == "Cast" && scope.TryGetConstant(node.Input[0], out var tensor)
        && Tensors.BitsPerElement((TensorProto.Types.DataType)tensor.DataType) < Tensors.BitsPerElement((TensorProto.Types.DataType)node.GetInt("to", 1))
        && tensor.RawData.Length > AllowedGrowth;
}
