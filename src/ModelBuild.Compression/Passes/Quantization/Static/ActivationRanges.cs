using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Decides which values are quantized, and from which values each takes its range. A value that is only moved shares the range of its source, so that it is not
/// rounded twice. The range of the output of a Relu or Clip is also that of its input: quantization then cuts the values off, and the clamp can be removed. On
/// accelerators, the inputs and output of a Concat share one range, so that the Concat needs no arithmetic. CPUs convert codes with a table, and each input
/// keeps its finer steps.
/// </summary>
internal sealed class ActivationRanges
{
    private readonly Graph _main;
    private readonly RoundingPoints _rounding;
    private readonly OperatorRules _rules;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    // For each value with a range of its own, the set of such values that a Concat joins with it.
    private readonly Dictionary<string, HashSet<string>> _united = new(StringComparer.Ordinal);

    public ActivationRanges(Graph main, Placement placement, RoundingPoints rounding, OperatorRules rules, TargetProfile target)
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

        if (!target.IsProcessor)
            foreach (var node in main.Nodes.Where(node => node.OpType == "Concat" && placement.Integer.Contains(node)))
                Unite(node.Input.Concat(node.Output).Where(_sources.ContainsKey).Select(value => _sources[value]));
    }

    /// <summary>The quantized values, in topological order of their producers.</summary>
    public IReadOnlyCollection<string> Values => _sources.Keys;

    /// <summary>Returns the values whose joint range a quantized value takes. Values that share a range have the same set.</summary>
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

    // Gives the values before a clamp the range of the clamp. The placement guarantees that the values before the clamp form a chain in which each value has
    // one reader.
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
