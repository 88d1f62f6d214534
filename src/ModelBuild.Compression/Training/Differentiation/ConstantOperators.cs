using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The operators whose outputs do not change when an input changes a little, or are no float32 numbers.</summary>
internal static class ConstantOperators
{
    private static readonly HashSet<string> Names = new(
        """
        And ArgMax ArgMin BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil ConstantOfShape Equal EyeLike Floor Greater GreaterOrEqual Hardmax IsInf
        IsNaN Less LessOrEqual NonMaxSuppression NonZero Not Or RandomNormalLike RandomUniformLike Round Shape Sign Size Xor
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal
    );

    /// <summary>Returns whether the outputs of a node have the gradient 0 with respect to its inputs.</summary>
    public static bool Contains(NodeProto node) => node.IsStandard() && (Names.Contains(node.OpType) || IsCastToIntegers(node));

    private static bool IsCastToIntegers(NodeProto node) =>
        node.OpType == "Cast" && (DataType)node.GetInt("to") is not (DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16);
}
