namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>Checks whether other nodes read outputs of a node that have no gradient.</summary>
internal static class OtherOutputs
{
    /// <summary>Returns a reason if other nodes read one of the outputs; null if none does.</summary>
    public static string? WhyNot(GradientNode node, params int[] outputs) =>
        outputs.Any(output => node.Output(output) is { Length: > 0 } value && IsRead(node, value)) ? "a node reads another output than the first" : null;

    private static bool IsRead(GradientNode node, string value) => node.Backward.Graph.IsOutput(value) || node.Backward.Graph.Consumers(value).Count > 0;
}
