using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The step <c>int8-weights</c>. Leaves behind <c>Mul(Cast(int8), scale)</c>, symmetric (<see cref="SymmetricInt8"/>), one scale a channel. Not
/// <c>DequantizeLinear</c>: ONNX Runtime does not fold that one at load, and inference would pay for it at each call.
/// </summary>
internal sealed class Int8WeightsPass(Int8WeightsOptions options) : WeightStoragePass("int8", options.Exclude)
{
    protected override (long Bytes, int Nodes) Cost(WeightSite site)
    {
        var scales = site.ScaleShape(options.PerChannel).Aggregate(1L, (a, b) => a * b);
        return (site.Tensor.ElementCount() + scales * sizeof(float), Nodes: 4);
    }

    protected override string? WhyNot(ReadOnlySpan<float> values) => values.IsFinite() ? null : "it holds values that are not finite";

    protected override void Store(WeightSite site)
    {
        long[] shape = [.. site.Tensor.Dims];
        var scaleShape = site.ScaleShape(options.PerChannel);
        var (values, scales) = SymmetricInt8.Quantize(site.Tensor.Span<float>(), shape, scaleShape);
        StoredWeights.Replace(
            site,
            Tensors.Create(site.Scope.FreshName($"{site.Name}_int8"), shape, values),
            Tensors.Create(site.Scope.FreshName($"{site.Name}_scale"), scaleShape, scales));
    }
}
