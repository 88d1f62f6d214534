using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The step <c>float16-weights</c>: stores weights whose values fit into float16 (IEEE 754 binary16: at most 65504, and fewer bits below 6e-5) as
/// <c>Cast(float16)</c>. The rounding error is half a unit in the last place of 11 bits, an SQNR of about 70 dB.
/// </summary>
internal sealed class Float16WeightsPass(Float16WeightsOptions options) : WeightStoragePass("float16", NodeForm.StoredFloat16, options.Exclude)
{
    // The largest noise of float16 weights relative to their signal, which is −60 dB. Float16 keeps this limit unless many values are in the range where it
    // loses bits.
    private const double MaxNoise = 1e-6;

    private static readonly Refusal BeyondRange = new("it holds values beyond float16's range");
    private static readonly Refusal TooSmall = new("its values are below float16's range");

    protected override (long Bytes, int Nodes) Cost(WeightSite site) => (site.Tensor.ElementCount() * 2, Nodes: 2);

    protected override Refusal? WhyNot(ReadOnlySpan<float> values)
    {
        var (signal, noise) = Float16Kernels.Rounding(values);
        if (!double.IsFinite(signal + noise))
            return Refusal.OfNotFinite(values) ?? BeyondRange;
        return noise > signal * MaxNoise ? TooSmall : null;
    }

    protected override void Store(PassContext context, Graph main, WeightSite site) =>
        StoredWeights.Replace(
            site,
            Tensors.Create(site.Scope.FreshName($"{site.Name}_float16"), [.. site.Tensor.Dims], Float16Kernels.Narrow(site.Tensor.Span<float>())),
            scale: null
        );
}
