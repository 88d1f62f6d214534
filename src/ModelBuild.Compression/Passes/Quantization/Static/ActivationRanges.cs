using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Which values are quantized, and whose range each takes. Values that are only moved share the range of what they were moved from, so that no step rounds twice; a Relu or Clip
/// gives its range to the values it was made from, which so are cut off as they are quantized, and the clamp itself can go.
/// </summary>
internal sealed class ActivationRanges
{
    private readonly Graph _main;
    private readonly Placement _placement;
    private readonly OperatorRules _rules;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    public ActivationRanges(Graph main, Placement placement, OperatorRules rules)
    {
        _main = main;
        _placement = placement;
        _rules = rules;
        foreach (var node in main.Nodes.Where(placement.Integer.Contains))
        {
            foreach (var value in OperatorRules.Activations(node).Select(index => node.Input[index]).Where(value => !main.IsConstant(value)))
                _sources.TryAdd(value, value);
            Follow(node);
        }
    }

    /// <summary>The quantized values, in topological order of their producers.</summary>
    public IReadOnlyCollection<string> Values => _sources.Keys;

    /// <summary>The value whose range a quantized value takes.</summary>
    public string Source(string value) => _sources[value];

    private void Follow(NodeProto node)
    {
        if (_placement.HasFloatOutput(node))
            return;
        foreach (var output in node.Output)
            _sources[output] = _rules.Role(node) == QuantizedRole.PassThrough ? _sources[node.Input[0]] : output;
        if (_rules.Role(node) == QuantizedRole.Clamp)
            ClaimUpstream(node);
    }

    // Placement has made sure that the way up is a chain with one reader each.
    private void ClaimUpstream(NodeProto clamp)
    {
        var range = clamp.Output[0];
        for (var node = clamp; ;)
        {
            _sources[node.Input[0]] = range;
            node = _main.Producer(node.Input[0])!;
            if (_rules.Role(node) is QuantizedRole.Layer or QuantizedRole.Arithmetic)
                return;
        }
    }
}
