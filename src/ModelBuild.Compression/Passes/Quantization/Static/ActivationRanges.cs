using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Which values are quantized, and whose range each takes. Values that are only moved share the range of what they were moved from, so that no step rounds twice; a Relu or Clip
/// gives its range to the values it was made from, which so are cut off as they are quantized, and the clamp itself can go. What a Concat puts together shares one range with it on
/// accelerators, where it is then no work at all; processors look codes up, and keep finer steps.
/// </summary>
internal sealed class ActivationRanges
{
    private readonly Graph _main;
    private readonly RoundingPoints _rounding;
    private readonly OperatorRules _rules;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    // Sources whose values a Concat brings together, by any of them.
    private readonly Dictionary<string, HashSet<string>> _united = new(StringComparer.Ordinal);

    public ActivationRanges(Graph main, Placement placement, RoundingPoints rounding, OperatorRules rules, string target)
    {
        _main = main;
        _rounding = rounding;
        _rules = rules;
        foreach (var node in main.Nodes.Where(node => placement.Integer.Contains(node) && !rounding.Kept.Contains(node)))
        {
            foreach (var value in OperatorRules.Activations(node).Select(index => node.Input[index]).Where(value => !main.IsConstant(value)))
                _sources.TryAdd(value, value);
            Follow(node);
        }

        if (!TargetNames.IsCpu(target))
            foreach (var node in main.Nodes.Where(node => node.OpType == "Concat" && placement.Integer.Contains(node)))
                Unite(node.Input.Concat(node.Output).Where(_sources.ContainsKey).Select(value => _sources[value]));
    }

    /// <summary>The quantized values, in topological order of their producers.</summary>
    public IReadOnlyCollection<string> Values => _sources.Keys;

    /// <summary>The values whose ranges together a quantized value takes, the same for all that share them.</summary>
    public IReadOnlyCollection<string> Sources(string value) => _united.GetValueOrDefault(_sources[value], [_sources[value]]);

    private void Follow(NodeProto node)
    {
        if (_rounding.Of(node) is not { } rounded)
            return;
        foreach (var output in rounded.Output)
            _sources[output] = _rules.Role(rounded) == QuantizedRole.PassThrough ? _sources[node.Input[0]] : output;
        if (_rules.Role(node) == QuantizedRole.Clamp)
            ClaimUpstream(node);
    }

    private void Unite(IEnumerable<string> sources)
    {
        var all = sources.SelectMany(source => _united.GetValueOrDefault(source, [source])).ToHashSet(StringComparer.Ordinal);
        foreach (var source in all)
            _united[source] = all;
    }

    // Placement has made sure that the way up is a chain with one reader each.
    private void ClaimUpstream(NodeProto clamp)
    {
        var range = clamp.Output[0];
        for (var node = clamp; ; )
        {
            _sources[node.Input[0]] = range;
            node = _main.Producer(node.Input[0])!;
            if (_rules.Role(node) is QuantizedRole.Layer or QuantizedRole.Arithmetic)
                return;
        }
    }
}
