using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>
/// Removes <c>Dropout</c> nodes in inference mode, and outputs without a reader that only training or the gradients of other tools need: masks, positions of
/// maxima, means and variances.
/// </summary>
internal static class TrainingOnlyOutputs
{
    /// <summary>Removes the nodes and outputs that only training needs from the main graph of a model and its subgraphs.</summary>
    public static void Remove(Graph main)
    {
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
        {
            if (node.OpType is "Dropout" or "BatchNormalization" or "MaxPool" or "LayerNormalization" && node.IsStandard())
                Trim(scope, node);
            if (node.Is("Dropout") && node.Output.Count == 1 && IsInference(scope, node) && !scope.Bypass(node))
                ToIdentity(scope, node);
        }
    }

    private static void Trim(Graph scope, NodeProto node)
    {
        while (node.Output.Count > 1 && !IsRead(scope, node.Output[^1]))
        {
            scope.SetOutput(node, node.Output.Count - 1, "");
            node.Output.RemoveAt(node.Output.Count - 1);
        }
    }

    private static bool IsRead(Graph scope, string value) => value.Length > 0 && (scope.Consumers(value).Count > 0 || scope.IsOutputAnywhere(value));

    // Returns whether a Dropout node is in inference mode. From opset 12 on, its third input may turn training on.
    private static bool IsInference(Graph scope, NodeProto node) =>
        node.InputAt(2).Length == 0 || (scope.TryGetConstant(node.InputAt(2), out var training) && training.RawData is { Length: 1 } data && data[0] == 0);

    // Replaces a Dropout node by an Identity node. Without a node, an input and an output of the graph would need the same name, which is not possible.
    private static void ToIdentity(Graph scope, NodeProto node) => scope.Replace(node, Nodes.Create("Identity", [node.Input[0]], [node.Output[0]], node.Name));
}
