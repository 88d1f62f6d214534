using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>The activations of one scope as <c>DynamicQuantizeLinear</c> makes them: each is quantized once, however many layers multiply it.</summary>
internal sealed class DynamicActivations(Graph scope)
{
    private readonly Dictionary<string, Names> _known = new(StringComparer.Ordinal);

    /// <summary>The names of what one activation became.</summary>
    /// <param name="Values">The uint8 values.</param>
    /// <param name="Scale">Their scale.</param>
    /// <param name="ZeroPoint">Their zero point.</param>
    public sealed record Names(string Values, string Scale, string ZeroPoint);

    /// <summary>The quantized <paramref name="value"/>; the node that makes it goes to <paramref name="nodes"/> when it is new.</summary>
    public Names Of(string value, List<NodeProto> nodes)
    {
        if (_known.TryGetValue(value, out var known))
            return known;
        var made = new Names(scope.FreshName($"{value}_uint8"), scope.FreshName($"{value}_scale"), scope.FreshName($"{value}_zero_point"));
        nodes.Add(Nodes.Create("DynamicQuantizeLinear", [value], [made.Values, made.Scale, made.ZeroPoint]));
        return _known[value] = made;
    }
}
