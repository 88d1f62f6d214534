using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// The activations of one scope and their quantized forms from <c>DynamicQuantizeLinear</c>. Each activation is quantized once for all layers that multiply it.
/// </summary>
internal sealed class DynamicActivations(Graph scope)
{
    private readonly Dictionary<string, Names> _known = new(StringComparer.Ordinal);

    /// <summary>The names of the quantized forms of one activation.</summary>
    /// <param name="Values">The uint8 values.</param>
    /// <param name="Scale">Their scale.</param>
    /// <param name="ZeroPoint">Their zero point.</param>
    public sealed record Names(string Values, string Scale, string ZeroPoint);

    /// <summary>Returns the quantized form of <paramref name="value"/>. If the node that computes it is new, it is added to <paramref name="nodes"/>.</summary>
    public Names Of(string value, List<NodeProto> nodes)
    {
        if (_known.TryGetValue(value, out var known))
            return known;
        var made = new Names(scope.FreshName($"{value}_uint8"), scope.FreshName($"{value}_scale"), scope.FreshName($"{value}_zero_point"));
        nodes.Add(Nodes.Create("DynamicQuantizeLinear", [value], [made.Values, made.Scale, made.ZeroPoint]));
        return _known[value] = made;
    }
}
