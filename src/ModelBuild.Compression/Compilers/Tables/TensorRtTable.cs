using ModelBuild.Compression.Compilers.Checks;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>The operators of TensorRT's importer of ONNX.</summary>
internal static class TensorRtTable
{
    /// <summary>The description of TensorRT with explicit quantization: int8 with the zero point 0, and weights of 4 bits.</summary>
    public static Compiler Compiler { get; } =
        new("tensorrt", "TensorRT", new TableSource("https://github.com/onnx/onnx-tensorrt/blob/main/docs/operators.md", "10.15", "2026-11-30"))
        {
            OldestOpset = 9,
            NewestOpset = 24,
            // The element types that TensorRT supports do not include uint8, because it is supported only for inputs of the model that a Cast converts.
            Types = ElementTypes.Of([.. ElementTypes.NumbersAndTruth, DataType.Int8, DataType.Int4, DataType.Float8E4M3Fn]),
            IsSymmetric = true,
            HasBlocks = true,
            Operators = Operators(),
        };

    private static IReadOnlyDictionary<string, OperatorSupport> Operators() =>
        new OperatorTable()
            .Add(
                ElementTypes.Floats,
                """
                Acos Acosh Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Ceil Celu Clip Conv ConvTranspose Cos Cosh
                CumSum Dropout Einsum Elu Erf Exp Floor GRU Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool GroupNormalization
                HardSigmoid HardSwish Hardmax InstanceNormalization IsInf LRN LSTM LayerNormalization LeakyRelu Log
                LogSoftmax LpNormalization LpPool MatMul MaxPool MeanVarianceNormalization PRelu QuantizeLinear
                RMSNormalization RNN Reciprocal Resize RotaryEmbedding Round Selu Sigmoid Sin Sinh Softmax Softplus Softsign Sqrt Tan
                Tanh ThresholdedRelu Upsample
                """
            )
            .Add(
                ElementTypes.Numbers,
                """
                Abs Add ArgMax ArgMin DepthToSpace Div Equal Gelu Greater GreaterOrEqual IsNaN Less LessOrEqual Max Mean Min Mod Mul Neg Pad Pow Range
                ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Scatter
                ScatterElements ScatterND Shrink Sign SpaceToDepth Sub Sum TopK
                """
            )
            .Add(
                ElementTypes.NumbersAndTruth,
                """
                Concat Constant ConstantOfShape Expand EyeLike Flatten Gather GatherElements GatherND Identity If Loop OneHot Reshape ReverseSequence
                Shape Size Slice Split Squeeze Tile Transpose Trilu Unsqueeze Where
                """
            )
            .Add(ElementTypes.Common, "BlackmanWindow DeformConv GridSample HammingWindow HannWindow Mish NonMaxSuppression NonZero RoiAlign")
            .Add(ElementTypes.Of(DataType.Float), "STFT")
            .Add(ElementTypes.Truth, "And Not Or Xor")
            .Add(ElementTypes.Of([.. ElementTypes.NumbersAndTruth, DataType.Uint8]), "Cast CastLike")
            .Add(ElementTypes.Of(DataType.Int8, DataType.Int4, DataType.Float8E4M3Fn), "DequantizeLinear")
            .Add(ElementTypes.Floats, "Scan")
            .Restrict("AveragePool MaxPool", TensorRtRules.Pooling, needsRank: true)
            .Restrict("AveragePool MaxPool LpPool", TensorRtRules.Dilations)
            .Restrict("LayerNormalization MaxPool", TensorRtRules.OneOutput)
            .Restrict("BatchNormalization", TensorRtRules.Inference)
            .Restrict("Dropout", TensorRtRules.NoTraining)
            .Restrict("GRU LSTM RNN", TensorRtRules.Recurrent)
            .Restrict("CumSum OneHot TopK", node => TensorRtRules.ConstantInput(node, 1))
            .Restrict("Squeeze Unsqueeze", node => TensorRtRules.ConstantInput(node, 1))
            .Restrict(
                "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
                node => TensorRtRules.ConstantInput(node, 1)
            )
            .Restrict("TopK", TensorRtRules.TopK)
            .Restrict("Resize", TensorRtRules.Resize)
            .Restrict("ScatterND", TensorRtRules.NoReduction)
            .Restrict("GridSample", node => TensorRtRules.Rank(node, 0, 4), needsRank: true)
            .Restrict("Attention", TensorRtRules.Attention, needsRank: true)
            .Restrict("STFT", TensorRtRules.ShortTimeFourier)
            .Restrict("DeformConv", TensorRtRules.SymmetricPads)
            .Restrict("If", TensorRtRules.Branches)
            .Restrict("QuantizeLinear", TensorRtRules.Quantize)
            .Restrict("DequantizeLinear", TensorRtRules.Dequantize, needsRank: true)
            .Build();
}
