namespace ModelBuild.Onnx;

/// <summary>
/// Upgrades a model of ONNX opset 7 or later to <see cref="OpsetUpgrade.Target"/>, in the steps of <see cref="LegacyOpsetUpgrade"/>, of opset 12 to 13, and of
/// <see cref="OpsetUpgrade"/>.
/// </summary>
internal static class CompleteOpsetUpgrade
{
    /// <summary>Returns the reason why the model cannot be upgraded; null when it can, or when it has the target version already.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static string? WhyNot(Graph main)
    {
        ArgumentNullException.ThrowIfNull(main);
        var version = main.Model.Opset();
        return LegacyOpsetUpgrade.FindObstacle(main, (scope, node) => LegacyOperators.IsKnown(scope, node, version))
            ?? (version < OpsetUpgrade.Target ? OpsetUpgrade.FindObstacle(main, version, node => IsReplaced(node, version)) : null);
    }

    /// <summary>Upgrades a model for which <see cref="WhyNot"/> returns null. The outputs of the model do not change.</summary>
    /// <param name="main">The main graph of the model.</param>
    public static void Apply(Graph main)
    {
        ArgumentNullException.ThrowIfNull(main);
        LegacyOperators.Rewrite(main, main.Model.Opset());
        LegacyOpsetUpgrade.Apply(main);
        AxesInputUpgrade.Apply(main);
        OpsetUpgrade.Apply(main);
    }

    // Returns whether the first step of the upgrade replaces the operator by operators that the later steps support.
    private static bool IsReplaced(NodeProto node, long version) => version < LegacyOpsetUpgrade.Target && node.OpType is "Upsample" or "Scatter";
}
