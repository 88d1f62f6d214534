using System.Globalization;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Decides whether constants that scale a node's output keep their precision in 16 bits. A single number beyond the range, such as the "minus infinity" of a
/// mask, may be clamped; weights may not.
/// </summary>
internal sealed class ConstantFit(NarrowFloat format)
{
    // The largest noise of float16 constants relative to their signal, which is −60 dB. Float16 keeps this limit unless many values are in the range where it
    // loses bits.
    private const double MaxNoise = 1e-6;

    private readonly Dictionary<FloatValue, string?> _known = [];

    /// <summary>
    /// Returns the reason why rounding the value loses too much precision; null if it does not, or if the value is not constant. bfloat16 has the range of
    /// float32.
    /// </summary>
    public string? WhyNot(FloatValue value)
    {
        if (!value.IsConstant || format != NarrowFloat.Float16)
            return null;
        if (!_known.TryGetValue(value, out var why))
            _known.Add(value, why = WhyNot(value.Name, value.Scope.Constant(value.Name)));
        return why;
    }

    private string? WhyNot(string name, TensorProto tensor)
    {
        var (signal, noise) = tensor.Read<float, (double, double)>(values => Float16Kernels.Rounding(values));
        if (!double.IsFinite(signal + noise))
            return tensor.ElementCount() == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"'{name}' holds numbers beyond {format.Largest}");
        return noise > signal * MaxNoise ? $"the numbers of '{name}' are too small for {format.Name}" : null;
    }
}
