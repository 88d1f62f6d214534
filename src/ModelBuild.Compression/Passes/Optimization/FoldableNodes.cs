using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Finds the nodes that <see cref="ConstantFolding"/> may compute: nodes whose inputs are constants and whose operator gives the same result on every CPU
/// (data movement, integer arithmetic, single correctly rounded float operations of IEEE 754). ONNX Runtime folds sums and transcendental functions when it
/// loads the model. It also folds a Cast that widens a weight which is stored in a narrow type.
/// </summary>
internal static class FoldableNodes
{
    // The largest size in bytes of a Cast's result that counts as a scalar or a shape, and not as a weight.
    private const int SmallBytes = 1024;

    // The operators that all machines compute with the same bits. Reciprocal is not one of them, because vector units have an approximate instruction for it.
    private static readonly HashSet<string> Exact =
    [
        "Abs",
        "Add",
        "And",
        "ArgMax",
        "ArgMin",
        "BitShift",
        "BitwiseAnd",
        "BitwiseNot",
        "BitwiseOr",
        "BitwiseXor",
        "Cast",
        "CastLike",
        "Ceil",
        "Clip",
        "Compress",
        "Concat",
        "ConstantOfShape",
        "DepthToSpace",
        "Div",
        "Equal",
        "Expand",
        "EyeLike",
        "Flatten",
        "Floor",
        "Gather",
        "GatherElements",
        "GatherND",
        "Greater",
        "GreaterOrEqual",
        "Identity",
        "IsInf",
        "IsNaN",
        "Less",
        "LessOrEqual",
        "Max",
        "Min",
        "Mod",
        "Mul",
        "Neg",
        "NonZero",
        "Not",
        "OneHot",
        "Or",
        "Pad",
        "Range",
        "Relu",
        "Reshape",
        "Round",
        "ScatterElements",
        "ScatterND",
        "Shape",
        "Sign",
        "Size",
        "Slice",
        "SpaceToDepth",
        "Split",
        "Sqrt",
        "Squeeze",
        "Sub",
        "Tile",
        "Transpose",
        "Trilu",
        "Unique",
        "Unsqueeze",
        "Where",
        "Xor",
    ];

    /// <summary>Returns the foldable nodes of one scope. Nodes that depend on each other are one component, in topological order.</summary>
    public static IReadOnlyList<NodeProto[]> Components(Graph scope) => ConnectedNodes.Of(scope, (node, isFoldable) => IsFoldable(scope, node, isFoldable));

    private static bool IsFoldable(Graph scope, NodeProto node, Predicate<string> isFoldable) =>
        node.IsStandard()
        && Exact.Contains(node.OpType)
        && node.Input.Any(value => value.Length > 0)
        && !node.Output.Any(scope.IsOutputAnywhere)
        && node.Input.All(value => value.Length == 0 || isFoldable(value) || (scope.TryGetConstant(value, out var tensor) && IsPlain(tensor.DataType)))
        && IsPlain((int)node.GetInt("to", (long)DataType.Float))
        && IsPlain((int)node.GetInt("dtype", (long)DataType.Float))
        && IsPlain(node.GetTensor("value")?.DataType ?? (int)DataType.Float)
        && !IsStoredWeight(scope, node);

    // Returns whether constants of an element type can be folded. Strings have no raw bytes, and ONNX Runtime has no kernels for types of less than 8 bits.
    private static bool IsPlain(int type) =>
        (DataType)type
            is DataType.Float
                or DataType.Double
                or DataType.Float16
                or DataType.Bfloat16
                or DataType.Bool
                or DataType.Int8
                or DataType.Uint8
                or DataType.Int16
                or DataType.Uint16
                or DataType.Int32
                or DataType.Uint32
                or DataType.Int64
                or DataType.Uint64;

    private static bool IsStoredWeight(Graph scope, NodeProto node) =>
        node.OpType == "Cast"
        && scope.TryGetConstant(node.Input[0], out var tensor)
        && tensor.RawData.Length > SmallBytes
        && Tensors.BitsPerElement((DataType)tensor.DataType) < Tensors.BitsPerElement((DataType)node.GetInt("to", (long)DataType.Float));
}
