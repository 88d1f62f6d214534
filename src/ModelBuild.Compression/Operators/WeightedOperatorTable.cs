using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>The catalogue of operators that multiply by weights or look them up, by domain and name.</summary>
internal static class WeightedOperatorTable
{
    /// <summary>Operators whose weights are floats in the layout of the ONNX standard.</summary>
    public static readonly IReadOnlyDictionary<(string Domain, string OpType), WeightedOperator> Floats = new Dictionary<
        (string Domain, string OpType),
        WeightedOperator
    >
    {
        [("", "Conv")] = new(WeightedKind.Convolution, 0, 1, 2) { IsLinear = true },
        [("", "ConvTranspose")] = new(WeightedKind.TransposedConvolution, 0, 1, 2) { IsLinear = true },
        [("", "Gemm")] = new(WeightedKind.Product, 0, 1, 2) { IsLinear = true, HasFactors = true },
        [("", "MatMul")] = new(WeightedKind.Product, 0, 1, null) { IsLinear = true },
        [("", "LSTM")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2) { PeepholeInput = 7 },
        [("", "GRU")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2),
        [("", "RNN")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2),
        [("", "Gather")] = new(WeightedKind.Embedding, 1, 0, null),
        [(Domains.Microsoft, "FusedConv")] = new(WeightedKind.Convolution, 0, 1, 2),
        [(Domains.Microsoft, "FusedGemm")] = new(WeightedKind.Product, 0, 1, 2) { HasFactors = true },
        [(Domains.Microsoft, "FusedMatMul")] = new(WeightedKind.Product, 0, 1, null) { HasFactors = true },
        [(Domains.Microsoft, "Attention")] = new(WeightedKind.Attention, 0, 1, 2) { PastInput = 4 },
    };

    /// <summary>
    /// Operators whose weights are integer codes, and operators that steps do not change: those that ONNX Runtime makes, and deformable convolutions.
    /// </summary>
    public static readonly IReadOnlyDictionary<(string Domain, string OpType), WeightedOperator> Stored = new Dictionary<
        (string Domain, string OpType),
        WeightedOperator
    >
    {
        [("", "ConvInteger")] = new(WeightedKind.Convolution, 0, 1, null),
        [("", "DeformConv")] = new(WeightedKind.Convolution, 0, 1, 3),
        [("", "MatMulInteger")] = new(WeightedKind.Product, 0, 1, null),
        [("", "QLinearConv")] = new(WeightedKind.Convolution, 0, 3, 8),
        [("", "QLinearMatMul")] = new(WeightedKind.Product, 0, 3, null),
        [(Domains.Nchwc, "Conv")] = new(WeightedKind.Convolution, 0, 1, 2),
        [(Domains.Microsoft, "NhwcFusedConv")] = new(WeightedKind.Convolution, 0, 1, 2),
        [(Domains.Microsoft, "QLinearConv")] = new(WeightedKind.Convolution, 0, 3, 8),
        [(Domains.Microsoft, "TransposeMatMul")] = new(WeightedKind.Product, 0, 1, null) { HasFactors = true },
        [(Domains.Microsoft, "MatMulIntegerToFloat")] = new(WeightedKind.Product, 0, 1, 6),
        [(Domains.Microsoft, "DynamicQuantizeMatMul")] = new(WeightedKind.Product, 0, 1, 4),
        [(Domains.Microsoft, "QGemm")] = new(WeightedKind.Product, 0, 3, 6) { HasFactors = true },
        [(Domains.Microsoft, "MatMulNBits")] = new(WeightedKind.Product, 0, 1, 5) { IsPacked = true },
        [(Domains.Microsoft, "MatMulBnb4")] = new(WeightedKind.Product, 0, 1, null) { IsPacked = true },
        [(Domains.Microsoft, "DynamicQuantizeLSTM")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2) { PeepholeInput = 7 },
        [(Domains.Microsoft, "QAttention")] = new(WeightedKind.Attention, 0, 1, 2) { PastInput = 8 },
        [(Domains.Microsoft, "GatherBlockQuantized")] = new(WeightedKind.Embedding, 1, 0, null),
    };
}
