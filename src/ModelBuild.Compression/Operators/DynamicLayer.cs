using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>The layers that dynamic quantization changes: the matching half of <c>int8-dynamic</c>, whose share of the work decides for <c>auto</c>.</summary>
internal static class DynamicLayer
{
    /// <summary>Below this many weights, quantizing the activations costs more than the smaller product saves.</summary>
    public const int MinWeights = 2048;

    /// <summary>Whether the operator is one that the pass looks at.</summary>
    public static bool IsCandidate(NodeProto node) =>
        WeightedOperator.Find(node) is { } found
        && (found is { IsLinear: true, Kind: WeightedKind.Product } ? node.Input.Count >= 2 : found.Kind == WeightedKind.Recurrent && node.Input.Count >= 3);

    /// <summary>Whether the pass would quantize this node.</summary>
    /// <param name="scope">The node's scope.</param>
    /// <param name="node">The node.</param>
    /// <param name="undefined">Which values may be infinite or not a number.</param>
    public static bool IsQuantizable(Graph scope, NodeProto node, UndefinedValues undefined) =>
        IsCandidate(node) && WhyNot(scope, node) is null && undefined.WhyNot(scope, node.Input[0]) is null;

    /// <summary>Why a candidate stays float, or null.</summary>
    public static string? WhyNot(Graph scope, NodeProto node) =>
        node.OpType switch
        {
            "LSTM" => WhyNotLstm(scope, node),
            "GRU" or "RNN" => $"ONNX Runtime has no dynamically quantized {node.OpType}",
            _ => WhyNotProduct(scope, node),
        };

    private static string? WhyNotProduct(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight))
            return Refusal.OperandNotConstant.Text;
        if (scope.TryGetConstant(node.Input[0], out _))
            return Refusal.BothConstant.Text;
        return WhyNotWeight(weight, rank: 2);
    }

    private static string? WhyNotLstm(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight) || !scope.TryGetConstant(node.Input[2], out var recurrence))
            return Refusal.WeightsNotConstant.Text;
        if (node.GetInt("layout", 0) != 0)
            return "DynamicQuantizeLSTM has no batch-first layout";
        return WhyNotWeight(weight, rank: 3) ?? WhyNotWeight(recurrence, rank: 3);
    }

    /// <summary>Why a weight stays float, or null.</summary>
    public static string? WhyNotWeight(TensorProto weight, int rank)
    {
        if (weight.DataType != (int)TensorProto.Types.DataType.Float)
            return Refusal.NotFloat32.Text;
        if (weight.Dims.Count != rank)
            return Refusal.Rank(weight, rank).Text;
        if (weight.ElementCount() < MinWeights)
            return Refusal.TooSmall.Text;
        return Refusal.OfNotFinite(weight.Span<float>())?.Text;
    }
}
