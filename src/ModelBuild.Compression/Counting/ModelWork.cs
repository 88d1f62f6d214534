using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Counts the work of a model in one call for each node, from shapes that ONNX Runtime infers. An If counts as its branch with more work, a Loop as often as
/// its constant trip count or once, and a Scan once for each step.
/// </summary>
internal sealed class ModelWork
{
    private readonly InferredValues _values;
    private readonly HashSet<(string Domain, string Name)> _functions;

    private ModelWork(Graph main, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        _values = new InferredValues(inputShapes);
        _functions = [.. main.Model.Proto.Functions.Select(function => (function.Domain, function.Name))];
    }

    /// <summary>Returns the nodes whose products count, in graph order.</summary>
    /// <param name="model">The model. Large weights are not read.</param>
    /// <param name="inputShapes">The input shapes of one call.</param>
    public static IReadOnlyList<NodeWork> Of(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        // The CPU provider of ONNX Runtime does not support bfloat16. Therefore shapes are inferred on a copy in float16, which has the same shapes.
        var main = new Graph(model.Tensors().Any(tensor => tensor.DataType == (int)DataType.Bfloat16) ? AcceleratorArithmetic.AsFloat16(model) : model);
        return new ModelWork(main, inputShapes).Walk(main);
    }

    /// <summary>Returns the sum of the multiply-adds of nodes whose multiply-adds are known.</summary>
    public static long Sum(IEnumerable<NodeWork> nodes) =>
        (long)nodes.Aggregate(Int128.Zero, (sum, node) => Int128.Min(sum + (node.MultiplyAdds ?? 0), long.MaxValue));

    private List<NodeWork> Walk(Graph scope)
    {
        var found = new List<NodeWork>();
        foreach (var node in scope.Nodes)
        {
            // A call of a function that the model defines is listed without multiply-adds, because the nodes inside the function are not counted.
            if (_functions.Contains((node.Domain, node.OpType)))
                found.Add(new NodeWork(scope, node, null));
            else if (MultiplyAdds.IsCounted(node))
                found.Add(new NodeWork(scope, node, MultiplyAdds.Of(node, value => _values.Sizes(scope, value))));
            var inner = scope.Subgraphs(node).Select(Walk).Where(nodes => nodes.Count > 0);
            if (node.Is("If"))
                found.AddRange(inner.MaxBy(Sum) ?? []);
            else
                found.AddRange(
                    inner
                        .SelectMany(nodes => nodes)
                        .Select(work => work with { MultiplyAdds = work.MultiplyAdds is { } once ? MultiplyAdds.Product([once, Times(scope, node)]) : null })
                );
        }

        return found;
    }

    private long Times(Graph scope, NodeProto node)
    {
        if (node.Is("Loop"))
            return scope.TryGetConstant(node.InputAt(0), out var count) && count.DataType == (int)DataType.Int64 && count.ElementCount() == 1
                ? Math.Max(0, count.Span<long>()[0])
                : 1;
        if (!node.Is("Scan"))
            return 1;
        var first = node.Input.Count - (int)node.GetInt("num_scan_inputs");
        var axis = node.GetInts("scan_input_axes") is [var given, ..] ? (int)given : 0;
        return
            _values.Sizes(scope, node.InputAt(first)) is { } shape && (axis < 0 ? axis + shape.Length : axis) is var index && index >= 0 && index < shape.Length
            ? shape[index]
            : 1;
    }
}
