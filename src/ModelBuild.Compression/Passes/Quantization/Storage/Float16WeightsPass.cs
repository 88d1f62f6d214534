using System.Numerics.Tensors;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The step <c>float16-weights</c>. Takes weights whose values fit into float16 (IEEE 754 binary16: at most 65504, and fewer bits below 6e-5).
/// Leaves behind <c>Cast(float16)</c>. Half a unit in the last place of 11 bits: about 70 dB.
/// </summary>
internal sealed class Float16WeightsPass(Float16WeightsOptions options) : WeightStoragePass("float16", options.Exclude)
{
    // 60 dB: what float16 gives unless many values are in the range where it loses bits.
    private const double MaxNoise = 1e-6;

    protected override (long Bytes, int Nodes) Cost(WeightSite site) => (site.Tensor.ElementCount() * 2, Nodes: 2);

    protected override string? WhyNot(ReadOnlySpan<float> values)
    {
        double signal = 0, noise = 0;
        foreach (var value in values)
        {
            var narrow = (Half)value;
            if (!Half.IsFinite(narrow))
                return float.IsFinite(value) ? "it holds values beyond float16's range" : "it holds values that are not finite";
            var error = value - (double)narrow;
            signal += (double)value * value;
            noise += error * error;
        }

        return noise > signal * MaxNoise ? "its values are too small for float16" : null;
    }

    protected override void Store(WeightSite site)
    {
        var source = site.Tensor.Span<float>();
        var narrow = new Half[source.Length];
        // Each element is rounded to nearest, ties to even, however many are done at once.
        TensorPrimitives.ConvertToHalf(source, narrow);
        StoredWeights.Replace(site, Tensors.Create(site.Scope.FreshName($"{site.Name}_float16"), [.. site.Tensor.Dims], narrow), scale: null);
    }
}
