namespace ModelBuild.Onnx;

/// <summary>
/// Upgrades a model of ONNX opset 7 to 11 to opset 12, the first in which every operator that moves values accepts 8-bit values. Nodes whose notation has
/// changed are rewritten (attributes that became inputs). A model with an operator whose meaning may have changed is refused (ONNX operator changelog).
/// </summary>
internal static class LegacyOpsetUpgrade
{
    /// <summary>The opset version of a model after the upgrade from opset 7 to 11.</summary>
    public const long Target = 12;

    private const long FirstVersion = 7;
    private const long SliceByInputs = 10;
    private const long BoundsAreInputs = 11;

    private static readonly HashSet<string> Known = new(
        """
        Abs Acos Add And ArgMax ArgMin Asin Atan AveragePool Cast Ceil Clip Concat Constant ConstantOfShape Conv ConvTranspose Cos DepthToSpace Div
        Dropout Elu Equal Erf Exp Expand Flatten Floor GRU Gather Gemm GlobalAveragePool GlobalMaxPool Greater HardSigmoid Hardmax Identity If
        InstanceNormalization LRN LSTM LeakyRelu Less Log LogSoftmax LpNormalization MatMul Max MaxPool Mean Min Mul Neg Not OneHot Or PRelu Pad Pow
        RNN Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape
        Selu Shape Sigmoid Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh Tile Transpose Unsqueeze
        Where Xor
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal
    );

    /// <summary>Returns the reason why the model cannot be upgraded; null when it can, or when it has the target version already.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static string? WhyNot(Graph main)
    {
        ArgumentNullException.ThrowIfNull(main);
        return FindObstacle(main, (_, _) => false);
    }

    /// <summary>Returns the reason why the model cannot be upgraded, when the caller rewrites some further operators itself.</summary>
    /// <param name="main">The main graph of the model.</param>
    /// <param name="isKnown">Returns whether the caller rewrites the node of a scope, or has determined that the node need not change.</param>
    internal static string? FindObstacle(Graph main, Func<Graph, NodeProto, bool> isKnown)
    {
        var version = main.Model.Opset();
        if (version >= Target)
            return null;
        if (version < FirstVersion)
            return $"the model's opset is {version}, and only models of opset {FirstVersion} or later can be lifted to {Target}";
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
            if (node.IsStandard() && !IsKnown(node) && !isKnown(scope, node))
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
    }

    private static bool IsKnown(NodeProto node) =>
        node.OpType switch
        {
            "BatchNormalization" => node.GetInt("spatial", 1) == 1 && node.Output.Count(output => output.Length > 0) == 1,
            "Dropout" => node.Output.Count(output => output.Length > 0) == 1,
            _ => Known.Contains(node.OpType),
        };

    private static void Rewrite(Graph scope, NodeProto node, long version)
    {
        switch (node.OpType)
        {
            case "Slice" when version < SliceByInputs:
                var starts = node.GetInts("starts")!;
                Integers(scope, node, 1, "starts", starts);
                Integers(scope, node, 2, "ends", node.GetInts("ends")!);
                Integers(scope, node, 3, "axes", node.GetInts("axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)]);
                break;
            case "Clip" when version < BoundsAreInputs:
                Number(scope, node, 1, "min");
                Number(scope, node, 2, "max");
                break;
            case "Pad" when version < BoundsAreInputs:
                Integers(scope, node, 1, "pads", node.GetInts("pads")!);
                Number(scope, node, 2, "value");
                break;
            case "BatchNormalization":
                node.RemoveAttribute("spatial");
                break;
            case "Dropout":
                node.RemoveAttribute("ratio");
                break;
        }
    }

    private static void Integers(Graph scope, NodeProto node, int input, string attribute, long[] values)
    {
        var name = scope.FreshName($"{node.Output[0]}_{attribute}");
        scope.AddInitializer(Tensors.Create(name, [values.Length], values));
        scope.SetInput(node, input, name);
        node.RemoveAttribute(attribute);
    }

    private static void Number(Graph scope, NodeProto node, int input, string attribute)
    {
        if (node.Attribute(attribute) is null)
            return;
        var name = scope.FreshName($"{node.Output[0]}_{attribute}");
        scope.AddInitializer(Tensors.Create<float>(name, [], [node.GetFloat(attribute)]));
        scope.SetInput(node, input, name);
        node.RemoveAttribute(attribute);
    }
}
