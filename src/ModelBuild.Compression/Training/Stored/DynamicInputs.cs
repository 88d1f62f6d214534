using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>Rewrites activations that a model quantizes in each call, with a range that it chooses then, as float32 values.</summary>
/// <param name="constants">The constants of the model.</param>
internal sealed class DynamicInputs(StoredConstants constants)
{
    private readonly Dictionary<string, string> _dequantized = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _rounded = new(StringComparer.Ordinal);

    /// <summary>Returns the name of the float32 value that the integers of a DynamicQuantizeLinear represent.</summary>
    /// <param name="quantize">The DynamicQuantizeLinear.</param>
    /// <param name="before">The node that reads the value.</param>
    public string Dequantized(NodeProto quantize, NodeProto before)
    {
        if (!_dequantized.TryGetValue(quantize.Output[0], out var value))
            _dequantized[quantize.Output[0]] = value = constants.Emit(before, "DequantizeLinear", [.. quantize.Output]);
        return value;
    }

    /// <summary>Returns the name of a float32 value after rounding, for an operator that rounds its input itself.</summary>
    /// <param name="value">The value.</param>
    /// <param name="before">The node that reads it.</param>
    public string Rounded(string value, NodeProto before)
    {
        if (_rounded.TryGetValue(value, out var known))
            return known;
        string[] outputs = [.. new[] { "codes", "scale", "zero point" }.Select(hint => constants.Graph.FreshName($"{value} {hint}"))];
        var quantize = Nodes.Create("DynamicQuantizeLinear", [value], outputs, outputs[0]);
        constants.Graph.InsertBefore(before, quantize);
        return _rounded[value] = Dequantized(quantize, before);
    }
}
