using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Replaces com.microsoft.Attention, which ONNX Runtime's transformer optimizer creates, by com.microsoft.QAttention (ONNX Runtime's contributed operators).
/// The product of the input and the joined weights of query, key and value is computed in int8, the rest in float32.
/// </summary>
internal static class DynamicAttentionRewriter
{
    // The number of inputs of Attention that are supported: X, W, bias, mask and past. The attention bias and other inputs follow them.
    private const int KnownInputs = 5;

    private static readonly Refusal NeedsBias = new("QAttention needs a bias");
    private static readonly Refusal AttentionBias = new("QAttention has no input for an attention bias");
    private static readonly string[] KnownAttributes = ["num_heads", "unidirectional", "mask_filter_value"];

    /// <summary>Returns whether the node has the operator that this type rewrites.</summary>
    public static bool IsCandidate(NodeProto node) => WeightedOperator.Find(node)?.Kind == WeightedKind.Attention && node.Input.Count >= 2;

    /// <summary>Returns the reason why an Attention stays in float32; null if it can be rewritten.</summary>
    public static Refusal? WhyNot(Graph scope, NodeProto node)
    {
        if (node.InputAt(WeightedOperator.Of(node).BiasInput!.Value).Length == 0)
            return NeedsBias;
        if (node.Input.Skip(KnownInputs).Any(input => input.Length > 0))
            return AttentionBias;
        if (
            node.Attribute.FirstOrDefault(attribute =>
                !KnownAttributes.Contains(attribute.Name) && (attribute.I != 0 || attribute.F != 0 || attribute.Ints.Count > 0)
            ) is
            { } other
        )
            return new Refusal($"QAttention has no attribute '{other.Name}'");
        return WeightedOperator.TryMatch(scope, node, out var layer, out var refusal) ? DynamicLayer.WhyNotWeight(layer.Weight, rank: 2) : refusal;
    }

    /// <summary>Rewrites a node for which <see cref="WhyNot"/> returns null.</summary>
    public static void Rewrite(Graph scope, NodeProto node, DynamicActivations activations, DynamicWeights weights)
    {
        var replacement = new List<NodeProto>();
        var x = activations.Of(node.Input[0], replacement);
        var w = weights.Product(scope, node.Input[1], transposed: false, factor: 1);
        string[] inputs =
        [
            x.Values,
            w.Values,
            node.Input[2],
            x.Scale,
            w.Scale,
            node.InputAt(3),
            x.ZeroPoint,
            w.ZeroPoint,
            node.InputAt(WeightedOperator.Of(node).PastInput!.Value),
        ];
        var quantized = Nodes.Create("QAttention", inputs.Reverse().SkipWhile(input => input.Length == 0).Reverse(), node.Output, node.Name, Domains.Microsoft);
        quantized.Attribute.Add(node.Attribute.Where(attribute => KnownAttributes.Contains(attribute.Name)));
        replacement.Add(quantized);
        scope.Replace(node, [.. replacement]);
    }
}
