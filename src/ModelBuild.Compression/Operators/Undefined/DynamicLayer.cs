using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>
/// Finds the layers that the step <c>int8-dynamic</c> quantizes. Their share of the work decides whether the recipe <c>auto</c> uses the step.
/// </summary>
internal static class DynamicLayer
{
    /// <summary>
    /// The least number of weights of a layer that is quantized. With fewer weights, quantizing the activations costs more than the smaller product saves.
    /// </summary>
    public const int MinWeights = 2048;

    private static readonly Refusal BatchFirst = new("DynamicQuantizeLSTM has no batch-first layout");

    /// <summary>Whether dynamic quantization exists for the operator of a node.</summary>
    public static bool IsCandidate(NodeProto node) =>
        WeightedOperator.Find(node) is { } found
        && (found is { IsLinear: true, Kind: WeightedKind.Product } ? node.Input.Count >= 2 : found.Kind == WeightedKind.Recurrent && node.Input.Count >= 3);

    /// <summary>Whether the step <c>int8-dynamic</c> would quantize a node.</summary>
    /// <param name="scope">The node's scope.</param>
    /// <param name="node">The node.</param>
    /// <param name="undefined">The values that may be infinite or NaN.</param>
    public static bool IsQuantizable(Graph scope, NodeProto node, UndefinedValues undefined) =>
        IsCandidate(node) && WhyNot(scope, node) is null && undefined.WhyNot(scope, node.Input[0]) is null;

    /// <summary>Returns the reason why a layer that dynamic quantization supports stays in float32; null if it can be quantized.</summary>
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

    /// <summary>Returns the reason why weights stay in float32; null if they can be quantized.</summary>
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
