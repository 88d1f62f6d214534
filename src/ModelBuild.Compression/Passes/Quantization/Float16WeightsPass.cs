using System.Numerics.Tensors;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// The step <c>float16-weights</c>. Takes weights whose values fit into float16 (IEEE 754 binary16: at most 65504). Leaves behind <c>Cast(float16)</c>.
/// Half a unit in the last place of 11 bits: about 70 dB.
/// </summary>
internal sealed class Float16WeightsPass(Float16WeightsOptions options) : WeightStoragePass("float16", options.Exclude)
{
    protected override (long Bytes, int Nodes) Cost(WeightSite site) => (site.Tensor.ElementCount() * 2, Nodes: 2);

    protected override string? WhyNot(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!Half.IsFinite((Half)value))
                return "it holds values beyond float16's range";
        return null;
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
