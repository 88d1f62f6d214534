namespace ModelBuild.Onnx;

/// <summary>
/// The operators of ONNX opset 7 to 11 beyond those of <see cref="LegacyOpsetUpgrade"/> that can be upgraded to opset 12: <c>Upsample</c> and the
/// <c>Resize</c> of opset 10 become the <c>Resize</c> of opset 11, <c>Scatter</c> becomes <c>ScatterElements</c>, the count of <c>TopK</c> becomes an input,
/// and some operators have not changed (ONNX operator changelog).
/// </summary>
internal static class LegacyOperators
{
    private const long CountIsInput = 10;
    private const long ResizeHasRegions = 11;

    private static readonly HashSet<string> Unchanged = new(
        """
        Acosh Asinh Atanh BitShift Compress Cosh CumSum Einsum EyeLike GatherElements GatherND GlobalLpPool GreaterOrEqual IsInf IsNaN LessOrEqual Loop LpPool
        MeanVarianceNormalization Mod NonMaxSuppression NonZero Range ReverseSequence Round ScatterElements ScatterND Shrink Sinh ThresholdedRelu
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal
    );

    /// <summary>Returns whether a node of an older opset version can be upgraded to opset 12.</summary>
    public static bool IsKnown(Graph scope, NodeProto node, long version) =>
        node.OpType switch
        {
            "Upsample" => NearestMode(scope, node) is not null,
            "Resize" => version >= ResizeHasRegions || NearestMode(scope, node) is not null,
            "Scatter" or "TopK" => true,
            _ => Unchanged.Contains(node.OpType),
        };

    /// <summary>Rewrites the notation of all nodes to that of opset 11.</summary>
    public static void Rewrite(Graph main, long version)
    {
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.IsStandard()).ToArray())
            Rewrite(scope, node, version);
    }

    private static void Rewrite(Graph scope, NodeProto node, long version)
    {
        switch (node.OpType)
        {
            case "Scatter":
                node.OpType = "ScatterElements";
                break;
            case "TopK" when version < CountIsInput:
                AddInput(scope, node, "k", new[] { node.GetInt("k") });
                break;
            case "Upsample" or "Resize" when version < ResizeHasRegions:
                Resize(scope, node);
                break;
        }
    }

    private static void Resize(Graph scope, NodeProto node)
    {
        var nearest = NearestMode(scope, node)!;
        if (node.GetFloats("scales") is { } scales)
            AddInput(scope, node, "scales", scales);
        var name = node.Input[1];
        scope.SetInput(node, 2, name);
        scope.SetInput(node, 1, "");
        node.OpType = "Resize";
        node.SetAttribute("coordinate_transformation_mode", "asymmetric");
        node.SetAttribute("nearest_mode", nearest);
    }

    // Returns the attribute 'nearest_mode' that has the rounding of Upsample in ONNX Runtime: positions are rounded up if a dimension becomes smaller, and
    // down if it becomes larger.
    private static string? NearestMode(Graph scope, NodeProto node)
    {
        var scales = node.GetFloats("scales") ?? (scope.TryGetConstant(node.InputAt(1), out var tensor) ? tensor.ToFloats() : null);
        if (node.GetString("mode", "nearest") != "nearest")
            return "floor";
        return scales is null ? null
            : scales.All(scale => scale >= 1) ? "floor"
            : scales.All(scale => scale <= 1) ? "ceil"
            : null;
    }

    private static void AddInput<T>(Graph scope, NodeProto node, string attribute, T[] values)
        where T : unmanaged
    {
        var name = scope.FreshName($"{node.Output[0]}_{attribute}");
        scope.AddInitializer(Tensors.Create(name, [values.Length], values));
        scope.SetInput(node, 1, name);
        node.RemoveAttribute(attribute);
    }
}
