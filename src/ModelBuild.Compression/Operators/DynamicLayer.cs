using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>Which layers dynamic quantization takes: the matching half of <c>int8-dynamic</c>, and what <c>auto</c> counts as its share of the work.</summary>
internal static class DynamicLayer
{
    /// <summary>Below this many weights, quantizing the activations costs more than the smaller product saves.</summary>
    public const int MinWeights = 2048;

    /// <summary>Whether the operator is one that the pass looks at.</summary>
    public static bool IsCandidate(NodeProto node) =>
        node.Domain is "" or "ai.onnx"
        && (node.OpType is "MatMul" or "Gemm" && node.Input.Count >= 2 || node.OpType is "LSTM" or "GRU" or "RNN" && node.Input.Count >= 3);

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
            return "its second operand is not constant";
        if (scope.TryGetConstant(node.Input[0], out _))
            return "both operands are constant";
        return WhyNotWeight(weight, rank: 2);
    }

    private static string? WhyNotLstm(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[1], out var weight) || !scope.TryGetConstant(node.Input[2], out var recurrence))
            return "its weights are not constant";
        if (node.GetInt("layout", 0) != 0)
            return "DynamicQuantizeLSTM has no batch-first layout";
        return WhyNotWeight(weight, rank: 3) ?? WhyNotWeight(recurrence, rank: 3);
    }

    /// <summary>What receipts call the node.</summary>
    public static string Describe(NodeProto node) => node.Name.Length > 0 ? $"{node.OpType} '{node.Name}'" : $"{node.OpType} of '{node.Output[0]}'";

    /// <summary>Why a weight stays float, or null.</summary>
    public static string? WhyNotWeight(TensorProto weight, int rank)
    {
        if (weight.DataType != (int)TensorProto.Types.DataType.Float)
            return "its weights are not float32";
        if (weight.Dims.Count != rank)
            return $"its weights have {weight.Dims.Count} dimensions, not {rank}";
        if (weight.ElementCount() < MinWeights)
            return "too small to gain";
        return weight.Span<float>().IsFinite() ? null : "it holds values that are not finite";
    }
}
