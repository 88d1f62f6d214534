namespace ModelBuild.Onnx;

/// <summary>
/// Upgrades a model of ONNX opset 13 or later to opset 21, the first with 4-bit integers and blocks in <c>DequantizeLinear</c>. Most operators have only new
/// element types or new options that are off by default. Nodes whose notation has changed are rewritten, and a model with any other operator is refused (ONNX
/// operator changelog).
/// </summary>
internal static class OpsetUpgrade
{
    /// <summary>The opset version of a model after the upgrade from opset 13 or later.</summary>
    public const long Target = 21;

    private const long FirstVersion = 13;
    private const long FirstIrVersion = 10;
    private const long AxesAreInputs = 18;

    // The operators that have not changed since opset 13, except for new element types and options.
    private static readonly HashSet<string> Unchanged = new(
        """
        Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike
        Ceil Celu CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum
        DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather
        GatherElements GatherND Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual HammingWindow HannWindow HardSigmoid
        HardSwish Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop
        LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul
        Neg NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul
        QuantizeLinear RNN Range Reciprocal ReduceSum Relu Reshape ReverseSequence Round STFT Scan ScatterElements ScatterND Selu SequenceAt
        SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax
        Softplus Softsign SpaceToDepth SplitToSequence Sqrt Squeeze StringNormalizer Sub Sum Tan Tanh TfIdfVectorizer ThresholdedRelu Tile TopK
        Transpose Trilu Unique Unsqueeze Where Xor
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal
    );

    private static readonly HashSet<string> Reductions = new(
        ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"],
        StringComparer.Ordinal
    );

    /// <summary>Returns the reason why the model cannot be upgraded; null when it can, or when it has the target version already.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static string? WhyNot(Graph main)
    {
        ArgumentNullException.ThrowIfNull(main);
        var version = main.Model.Opset();
        if (version >= Target)
            return null;
        if (version < FirstVersion)
            return $"the model's opset is {version}, and only models of opset {FirstVersion} or later can be lifted to {Target}";
        return FindObstacle(main, version, _ => false);
    }

    /// <summary>Returns the reason why the operators of a model of an older version, which are rewritten first, cannot be upgraded.</summary>
    /// <param name="main">The main graph of the model.</param>
    /// <param name="version">The version of the model.</param>
    /// <param name="isReplaced">Returns whether a node is replaced first.</param>
    internal static string? FindObstacle(Graph main, long version, Func<NodeProto, bool> isReplaced)
    {
        if (main.Model.Proto.Functions.Count > 0)
            return $"the model's opset is {version}, and it defines functions of its own, which are not lifted to {Target}";
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
            if (node.IsStandard() && !IsKnown(node, version) && !isReplaced(node))
                return $"the model's opset is {version}, and its operator {Text.Short(node.OpType)} may mean something else in {Target}";
        return null;
    }

    /// <summary>Upgrades a model for which <see cref="WhyNot"/> returns null. The outputs of the model do not change.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static void Apply(Graph main)
    {
        ArgumentNullException.ThrowIfNull(main);
        var version = main.Model.Opset();
        if (version >= Target)
            return;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.IsStandard()).ToArray())
            Rewrite(scope, node, version);
        main.Model.ImportOpset("", Target);
        main.Model.Proto.IrVersion = Math.Max(FirstIrVersion, main.Model.Proto.IrVersion);
    }

    private static bool IsKnown(NodeProto node, long version) =>
        node.OpType switch
        {
            "Split" or "RoiAlign" => true,
            "BatchNormalization" => node.Output.Count(output => output.Length > 0) == 1 && node.GetInt("training_mode") == 0,
            // An AveragePool of an older opset is upgraded only without ceil_mode, because opset 19 corrected the count of elements in windows that extend
            // beyond the input.
            "AveragePool" => version >= 19 || node.GetInt("ceil_mode") == 0,
            "Resize" => node.GetString("coordinate_transformation_mode") != "tf_half_pixel_for_nn",
            "Gelu" or "AffineGrid" or "DFT" or "GridSample" => version >= 20,
            _ => Unchanged.Contains(node.OpType) || Reductions.Contains(node.OpType),
        };

    private static void Rewrite(Graph scope, NodeProto node, long version)
    {
        if (Reductions.Contains(node.OpType) && version < AxesAreInputs && node.GetInts("axes") is { } axes)
        {
            var name = scope.FreshName($"{node.Output[0]}_axes");
            scope.AddInitializer(Tensors.Create(name, [axes.Length], axes));
            scope.SetInput(node, 1, name);
            node.RemoveAttribute("axes");
        }
        else if (node.OpType == "Split" && version < AxesAreInputs && node.InputAt(1).Length == 0)
        {
            node.SetAttribute("num_outputs", (long)node.Output.Count);
        }
        else if (node.OpType == "RoiAlign" && version < 16 && node.Attribute("coordinate_transformation_mode") is null)
        {
            node.SetAttribute("coordinate_transformation_mode", "output_half_pixel");
        }
    }
}
