using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>The layers that dynamic quantization changes: the matching half of <c>int8-dynamic</c>, whose share of the work decides for <c>auto</c>.</summary>
internal static class DynamicLayer
{
    /// <summary>Below this many weights, quantizing the activations costs more than the smaller product saves.</summary>
    public const int MinWeights = 2048;

    private static readonly Refusal BatchFirst = new("DynamicQuantizeLSTM has no batch-first layout");

    /// <summary>Whether the operator is one that the pass looks at.</summary>
    public static bool IsCandidate(NodeProto node) =>
        WeightedOperator.Find(node) is { } found
        && (found is { IsLinear: true, Kind: WeightedKind.Product } ? node.Input.Count >= 2 : found.Kind == WeightedKind.Recurrent && node.Input.Count >= 3);

    /// <summary>Whether the pass would quantize this node.</summary>
    /// <param name="scope">The node's scope.</param>
    /// <param name="node">The node.</param>
    /// <param name="undefined">The values that may be infinite or NaN.</param>
    public static bool IsQuantizable(Graph scope, NodeProto node, UndefinedValues undefined) =>
        IsCandidate(node) && WhyNot(scope, node) is null && undefined.WhyNot(scope, node.Input[0]) is null;

    /// <summary>Why a candidate stays float, or null.</summary>
    public static Refusal? WhyNot(Graph scope, NodeProto node) =>
        WeightedOperator.FindRecurrent(node) is null ? WhyNotProduct(scope, node)
        : node.Is("LSTM") ? WhyNotLstm(scope, node)
        : new Refusal($"ONNX Runtime has no dynamically quantized {node.OpType}");

    private static Refusal? WhyNotProduct(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight))
            return Refusal.OperandNotConstant;
        if (scope.TryGetConstant(node.Input[0], out _))
            return Refusal.BothConstant;
        return WhyNotWeight(weight, rank: 2);
    }

    private static Refusal? WhyNotLstm(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight) || !scope.TryGetConstant(node.Input[2], out var recurrence))
            return Refusal.WeightsNotConstant;
        if (node.GetInt("layout", 0) != 0)
            return BatchFirst;
        return WhyNotWeight(weight, rank: 3) ?? WhyNotWeight(recurrence, rank: 3);
    }

    /// <summary>Why a weight stays float, or null.</summary>
    public static Refusal? WhyNotWeight(TensorProto weight, int rank)
    {
        if (weight.DataType != (int)TensorProto.Types.DataType.Float)
            return Refusal.NotFloat32;
        if (weight.Dims.Count != rank)
            return Refusal.Rank(weight, rank);
        if (weight.ElementCount() < MinWeights)
            return Refusal.TooSmall;
        return Refusal.OfNotFinite(weight.Span<float>());
    }
}
