using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Counts multiply-adds, by static rules only, to see which kind of layer a model spends its time on.</summary>
internal static class LayerWork
{
    // Where the size of a convolution's output is unknown (inside branches, or behind data-dependent shapes): a 14 × 14 map, ImageNet networks' middle.
    private const long TypicalPositions = 196;

    /// <summary>The share (0…1) of the multiply-adds that dynamic quantization would take over; 0 for a model without layers.</summary>
    public static double DynamicShare(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var (total, dynamic) = Count(model, inputShapes);
        return total == 0 ? 0 : dynamic / total;
    }

    /// <summary>The multiply-adds of all layers in one call.</summary>
    public static double Total(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) => Count(model, inputShapes).Total;

    /// <summary>The multiply-adds of each layer in one call, by the first of its outputs.</summary>
    public static IReadOnlyDictionary<string, double> Each(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) =>
        Count(new Graph(model), inputShapes).GroupBy(layer => layer.Node.Output[0]).ToDictionary(layers => layers.Key, layers => layers.Sum(layer => layer.Work), StringComparer.Ordinal);

    private static (double Total, double Dynamic) Count(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        double total = 0, dynamic = 0;
        foreach (var (scope, node, work) in Count(new Graph(model), inputShapes))
        {
            total += work;
            if (DynamicLayer.IsQuantizable(scope, node))
                dynamic += work;
        }

        return (total, dynamic);
    }

    private static IEnumerable<(Graph Scope, NodeProto Node, double Work)> Count(Graph main, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var outputs = main.Nodes.Where(IsLayer).Select(node => node.Output[0]).Where(value => value.Length > 0);
        var shapes = ShapeInference.Infer(main.Model, inputShapes, outputs);
        return main.SelfAndSubgraphs().SelectMany(scope => scope.Nodes.Where(IsLayer).Select(node => (scope, node, MultiplyAdds(scope, node, shapes))));
    }

    private static bool IsLayer(NodeProto node) =>
        node.Domain is "" or "ai.onnx" && node.Input.Count >= 2 && node.OpType is "Conv" or "ConvTranspose" or "MatMul" or "Gemm" or "LSTM" or "GRU" or "RNN";

    private static double MultiplyAdds(Graph scope, NodeProto node, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight) || weight.Dims.Count == 0)
            return 0;
        var weights = (double)weight.ElementCount();
        var output = shapes.GetValueOrDefault(node.Output[0]);
        var positions = output is null ? (double?)null : output.Aggregate(1.0, (a, b) => a * b);
        return node.OpType switch
        {
            // Each output element costs the weights of one output channel.
            "Conv" => positions is null ? weights * TypicalPositions : positions.Value * weights / weight.Dims[0],
            "ConvTranspose" => positions is null || weight.Dims.Count < 2 ? weights * TypicalPositions : positions.Value * weights / weight.Dims[1],
            "LSTM" or "GRU" or "RNN" => Math.Max(1, output?[0] ?? 1) * (weights + (scope.TryGetConstant(node.Input[2], out var recurrence) ? recurrence.ElementCount() : 0)),
            // Each output element costs one column.
            _ => positions is null ? weights : positions.Value * Inner(node, weight),
        };
    }

    private static long Inner(NodeProto node, TensorProto weight) =>
        node.OpType == "Gemm" && node.GetInt("transB", 0) == 1 ? weight.Dims[weight.Dims.Count - 1] : weight.Dims[Math.Max(0, weight.Dims.Count - 2)];
}
