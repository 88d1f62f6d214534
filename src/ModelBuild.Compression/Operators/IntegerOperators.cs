using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>The operators that quantize, dequantize, or compute with integer codes, of which quantized models consist.</summary>
internal static class IntegerOperators
{
    private static readonly HashSet<string> Names =
    [
        "QuantizeLinear",
        "DequantizeLinear",
        "DynamicQuantizeLinear",
        "MatMulInteger",
        "ConvInteger",
        "QLinearConv",
        "QLinearMatMul",
        "QLinearAdd",
        "QLinearMul",
        "QLinearSigmoid",
        "QLinearLeakyRelu",
        "QLinearAveragePool",
        "QLinearGlobalAveragePool",
        "QLinearConcat",
        "QLinearSoftmax",
        "QLinearWhere",
        "QLinearReduceMean",
        "QGemm",
        "QAttention",
        "DynamicQuantizeMatMul",
        "DynamicQuantizeLSTM",
        "MatMulIntegerToFloat",
        "MatMulNBits",
        "GatherBlockQuantized",
        "QMoE",
    ];

    /// <summary>Whether an operator quantizes, dequantizes, or computes with integer codes.</summary>
    public static bool Contains(string opType) => Names.Contains(opType);

    /// <summary>Whether the model has integer arithmetic already: QDQ, QOperator, or integer operators.</summary>
    public static bool IsQuantized(OnnxModel model) => new Graph(model).SelfAndSubgraphs().Any(scope => scope.Nodes.Any(node => Contains(node.OpType)));
}
