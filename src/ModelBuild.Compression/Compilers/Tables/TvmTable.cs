using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>The standard operators of the importer of ONNX in Apache TVM's Relax, without sequences and optionals.</summary>
internal static class TvmTable
{
    /// <summary>The description of Apache TVM. Its DequantizeLinear has no blocks and no 4-bit codes, and its results are float32.</summary>
    public static Compiler Compiler { get; } =
        new(
            "tvm",
            "Apache TVM",
            new TableSource(
                "https://github.com/apache/tvm/blob/00357ef24f58706babeb7070ff0b1ad9d1715ea2/python/tvm/relax/frontend/onnx/onnx_frontend.py",
                "commit 00357ef",
                "2026-11-30"
            )
        )
        {
            // The oldest opset is 13, because the importer expects the axes of operators such as Squeeze and Slice as inputs.
            OldestOpset = 13,
            NewestOpset = 23,
            NeedsLayerBiases = true,
            Types = ElementTypes.Of(
                DataType.Float,
                DataType.Float16,
                DataType.Double,
                DataType.Int8,
                DataType.Int16,
                DataType.Int32,
                DataType.Int64,
                DataType.Uint8,
                DataType.Uint16,
                DataType.Uint32,
                DataType.Uint64,
                DataType.Bool
            ),
            Operators = new OperatorTable()
                .Add(
                    null,
                    """
                    Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization BitShift BitwiseAnd
                    BitwiseNot BitwiseOr BitwiseXor Cast Ceil Clip Compress Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum
                    DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Einsum Equal Erf Exp Expand EyeLike Flatten Floor Gather
                    GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample HardSigmoid
                    HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
                    LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean Min Mish Mod Mul Neg NonMaxSuppression
                    NonZero Not OneHot Or PRelu Pad Pow QuantizeLinear RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
                    ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize RoiAlign Round Scatter
                    ScatterElements ScatterND Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt
                    Squeeze Sub Sum Tan Tanh Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
                    """
                )
                .Add(ElementTypes.Of(DataType.Float), "Elu LRN MeanVarianceNormalization Selu ThresholdedRelu")
                .Restrict("QuantizeLinear DequantizeLinear", PlainScales)
                .Restrict("LayerNormalization", TvmRules.LayerNormalization)
                .Restrict("Pad", TvmRules.Pad)
                .Restrict("Resize", TvmRules.Resize, needsRank: true)
                .Restrict("IsInf", TvmRules.IsInf)
                .Restrict("MaxPool", TvmRules.OneOutput)
                .Restrict("CumSum", TvmRules.CumSum)
                .Restrict("AffineGrid", TvmRules.AffineGrid)
                .Restrict("GridSample LRN", TvmRules.Images, needsRank: true)
                .Restrict("Trilu", node => TvmRules.ConstantInput(node, 1))
                .Restrict("Range", node => TvmRules.ConstantInput(node, 2))
                .Restrict("Split", node => TvmRules.ConstantInput(node, 1))
                .Restrict(
                    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
                    node => TvmRules.ConstantInput(node, 1)
                )
                .Restrict("EyeLike", TvmRules.EyeLike)
                .Build(),
        };

    private static string? PlainScales(CheckedNode node) =>
        node.Node.GetInt("block_size") != 0 ? "Apache TVM has no scales of blocks"
        : node.Input(1) is { Type: not DataType.Float } scale
            ? $"its scale is {ElementTypes.Name(scale.Type)}, and the results of Apache TVM are float32 for every scale"
        : null;
}
