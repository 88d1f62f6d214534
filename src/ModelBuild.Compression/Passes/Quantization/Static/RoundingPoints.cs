using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The positions at which the results of nodes that compute in integers are rounded to codes: behind the node, or behind the Relu or Clip that follows it. A
/// result is not rounded if no node reads it in integers and the node can compute it in float.
/// </summary>
/// <remarks>
/// With a zero point, the range of the codes can end at the bound of a clamp, and the clamp is removed. Symmetric codes include negative values, so the clamp
/// stays. Accelerators fuse it with its layer if no node stands between the two (TensorRT developer guide, working with quantized types: Q/DQ placement
/// recommendations).
/// </remarks>
internal sealed class RoundingPoints
{
    private static readonly HashSet<string> FusedWithGemm = new(StringComparer.Ordinal)
    {
        "Elu",
        "HardSigmoid",
        "LeakyRelu",
        "Relu",
        "Selu",
        "Sigmoid",
        "Softplus",
        "Softsign",
        "Tanh",
        "ThresholdedRelu",
    };

    private readonly Graph _main;
    private readonly Placement _placement;
    private readonly OperatorRules _rules;
    private readonly Func<NodeProto, LayerSettings> _settings;
    private readonly bool _isCpu;
    private readonly Dictionary<NodeProto, NodeProto> _last = [];
    private readonly HashSet<NodeProto> _clamps = [];

    public RoundingPoints(Graph main, Placement placement, OperatorRules rules, Func<NodeProto, LayerSettings> settings, TargetProfile target)
    {
        (_main, _placement, _rules, _settings, _isCpu) = (main, placement, rules, settings, target.IsProcessor);
        foreach (var node in main.Nodes.Where(node => placement.Integer.Contains(node) && rules.Role(node) is QuantizedRole.Layer or QuantizedRole.Arithmetic))
            if (Clamps(node).ToArray() is { Length: > 0 } clamps && (IsFused(node) || (CanBeFloat(node) && !IsReadInIntegers(clamps[^1]))))
            {
                _last[node] = clamps[^1];
                _clamps.UnionWith(clamps);
            }
    }

    /// <summary>The Relu and Clip nodes that stay in the graph, behind nodes whose own results are not rounded.</summary>
    public IReadOnlySet<NodeProto> Kept => _clamps;

    /// <summary>
    /// Returns the node at whose output the result of a node is rounded: the node itself, or a clamp that stays; null if the result stays in float.
    /// </summary>
    public NodeProto? Of(NodeProto node)
    {
        var last = _last.GetValueOrDefault(node, node);
        return CanBeFloat(node) && !IsReadInIntegers(last) ? null : last;
    }

    // Returns the chain of clamps that follow the node. Each of them is the only reader of its input.
    private IEnumerable<NodeProto> Clamps(NodeProto node)
    {
        while (
            !_main.IsOutputAnywhere(node.Output[0])
            && _main.Consumers(node.Output[0]) is [{ Index: 0 } only]
            && ReferenceEquals(only.Graph, _main)
            && _rules.Role(only.Node) == QuantizedRole.Clamp
            && !_settings(only.Node).IsFloat
        )
            yield return node = only.Node;
    }

    private bool IsFused(NodeProto node) => !_isCpu && _settings(node).IsSymmetric;

    // Returns whether a quantized node can have a float result. On CPUs, ONNX Runtime has integer matrix products with float results, but no integer
    // convolutions with float results.
    private bool CanBeFloat(NodeProto node) =>
        !_settings(node).Activations.IsWide
        && (WeightedOperator.IsLinearProduct(node) ? !IsFusedWithActivation(node) : IsFused(node) && _rules.Role(node) == QuantizedRole.Layer);

    // Returns whether ONNX Runtime fuses a Gemm with a float result and the activation function behind it into one float operator on CPUs, before it makes an
    // integer product of the Gemm. It does so unless the result of the function is an output of the model. A Relu in front of a Clip becomes a part of the
    // Clip, which is not fused.
    private bool IsFusedWithActivation(NodeProto node) =>
        _isCpu
        && WeightedOperator.Find(node) is { HasFactors: true }
        && _main.Consumers(node.Output[0]) is [{ Node: var activation }]
        && FusedWithGemm.Contains(activation.OpType)
        && !_main.IsOutputAnywhere(activation.Output[0])
        && !(activation.OpType == "Relu" && _main.Consumers(activation.Output[0]) is [{ Node.OpType: "Clip" }]);

    private bool IsReadInIntegers(NodeProto node) => _main.Consumers(node.Output[0]).Any(_placement.ReadsInteger);
}
