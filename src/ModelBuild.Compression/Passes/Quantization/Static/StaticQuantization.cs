using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>One attempt at quantizing a model, on a copy of it.</summary>
internal sealed class StaticQuantization(OnnxModel model, string target, Func<NodeProto, LayerSettings> settings, bool everywhere)
{
    private readonly Graph _main = new(model);
    private readonly Dictionary<string, (string Node, string Made)> _results = new(StringComparer.Ordinal);
    private Placement _placement = null!;
    private ActivationRanges _ranges = null!;
    private OperatorRules _rules = null!;
    private IReadOnlyDictionary<string, string> _fused = new Dictionary<string, string>();
    private NodeOutcome[] _left = [];

    /// <summary>The copy.</summary>
    public OnnxModel Model => model;

    /// <summary>The values whose ranges are needed.</summary>
    public IReadOnlyCollection<string> Sources { get; private set; } = [];

    /// <summary>The layers that compute in integers.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; private set; } = [];

    /// <summary>Decides what computes in integers.</summary>
    /// <param name="tensors">Types and shapes of all values.</param>
    /// <param name="unfused">Names of nodes that ONNX Runtime left in float in earlier attempts.</param>
    public void Place(IReadOnlyDictionary<string, InferredTensor> tensors, IReadOnlySet<string> unfused)
    {
        _rules = new OperatorRules(_main, target);
        _placement = Placement.Decide(_main, target, tensors, settings, everywhere, _main.Nodes.Where(node => unfused.Contains(node.Name)).ToHashSet());
        _ranges = new ActivationRanges(_main, _placement, _rules);
        Sources = [.. _ranges.Values.Select(_ranges.Source).Distinct()];
        _left = [.. _placement.Why.Select(node => new NodeOutcome(Describe(node.Key), "float", node.Value))];
    }

    /// <summary>Writes the quantized form.</summary>
    public void Emit(IReadOnlyDictionary<string, (float Min, float Max)> ranges)
    {
        var computing = _main.Nodes.Where(node => _placement.Integer.Contains(node) && _rules.Role(node) != QuantizedRole.Clamp)
            .Select(node => (Node: node, IsFloat: _placement.HasFloatOutput(node))).ToArray();
        var emitter = new QdqEmitter(_main, _placement, _ranges, _rules, settings, ranges);
        Layers = emitter.Emit();
        var values = emitter.Raw.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        foreach (var (node, isFloat) in computing)
        {
            var made = node.Output[0];
            _results[isFloat ? made : values[made]] = (node.Name, made);
        }

        _main.RemoveStaleInfo();
        _fused = _results.Count == 0 ? _fused : FusionCheck.Fused(model, _results.ToDictionary(result => result.Key, result => result.Value.Made, StringComparer.Ordinal));
    }

    /// <summary>The names of nodes that ONNX Runtime still computes in float.</summary>
    public IReadOnlyCollection<string> Unfused() => [.. _results.Where(result => !_fused.ContainsKey(result.Key)).Select(result => result.Value.Node)];

    /// <summary>Says what became of each node.</summary>
    public void Report(PassReport report)
    {
        foreach (var (value, (name, _)) in _results)
            report.Node(name, _fused.GetValueOrDefault(value) ?? "quantized, computed in float here", "");
        foreach (var (node, became, why) in _left)
            report.Node(node, became, why);
        report.Changed("layers quantized", Layers.Count);
        report.Changed("other nodes computing in integers", _results.Count - Layers.Count);
    }

    private static string Describe(NodeProto node) => $"{node.OpType} '{node.Name}'";
}
