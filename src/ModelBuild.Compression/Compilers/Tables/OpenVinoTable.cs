using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>The standard operators of OpenVINO's importer of ONNX, without those that it supports in certain patterns only, such as sequences.</summary>
internal static class OpenVinoTable
{
    /// <summary>The description of OpenVINO. It converts QuantizeLinear and DequantizeLinear to the quantization of its own graph.</summary>
    public static Compiler Compiler { get; } =
        new(
            "openvino",
            "OpenVINO",
            new TableSource(
                "https://github.com/openvinotoolkit/openvino/blob/0ae60f0ffec990b581cf29cae47563090e5deca0/src/frontends/onnx/docs/supported_ops.md",
                "commit 0ae60f0",
                "2026-11-30"
            )
        )
        {
            NewestOpset = 23,
            Types = ElementTypes.Of([
                .. ElementTypes.NumbersAndTruth,
                DataType.Double,
                DataType.Int8,
                DataType.Int16,
                DataType.Uint8,
                DataType.Uint16,
                DataType.Uint32,
                DataType.Uint64,
                DataType.Int4,
                DataType.Uint4,
            ]),
            HasBlocks = true,
            // Blocks along a later axis are not used, because OpenVINO computes other values for them in releases before its change 32918.
            HasRowBlocksOnly = true,
            Operators = new OperatorTable()
                .Add(
                    null,
                    """
                    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization BitShift BitwiseAnd
                    BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im Compress Concat Constant
                    ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DFT DepthToSpace DequantizeLinear Div Dropout DynamicQuantizeLinear
                    Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool
                    GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity
                    If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization
                    MatMul MatMulInteger Max MaxPool MaxRoiPool Mean MeanVarianceNormalization Min Mish Mod Mul Neg
                    NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear
                    RMSNormalization RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
                    ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence RoiAlign
                    RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
                    SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh ThresholdedRelu Tile TopK Transpose
                    Trilu Unique Unsqueeze Upsample Where Xor
                    """
                )
                .Restrict("QuantizeLinear", node => node.Node.GetInt("block_size") != 0 ? "OpenVINO quantizes without blocks only" : null)
                .Restrict("DequantizeLinear", Scales, needsRank: true)
                .Build(),
        };

    private static string? Scales(CheckedNode node)
    {
        var block = node.Node.GetInt("block_size");
        if (block == 0)
            return node.Input(1) is { Type: not DataType.Float } scale
                ? $"its scale is {ElementTypes.Name(scale.Type)}, and OpenVINO takes float32 without blocks"
                : null;
        if (node.Input(0) is not { Shape: var shape })
            return null;
        var axis = node.Node.GetInt("axis", 1) is var given && given < 0 ? given + shape.Length : given;
        return shape[axis] % block != 0 ? "OpenVINO takes whole blocks only"
            : axis != 0 || shape.Length != 2 ? "OpenVINO takes blocks along the first of two dimensions only"
            : null;
    }
}
