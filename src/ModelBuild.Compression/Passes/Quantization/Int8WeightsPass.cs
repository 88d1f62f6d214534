using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// The step <c>int8-weights</c>. Matches every weight (<see cref="WeightSites"/>) that is large enough to gain. Leaves behind
/// <c>Mul(Cast(int8), scale)</c>, symmetric (<see cref="SymmetricInt8"/>), one scale a channel. Not <c>DequantizeLinear</c>: ONNX Runtime does not fold
/// that one at load, and inference would pay for it at each call.
/// </summary>
internal sealed class Int8WeightsPass(Int8WeightsOptions options) : IPass
{
    private const int NodesAdded = 4;

    public void Run(PassContext context)
    {
        if (context.Model.Opset() < StoredWeights.MinOpset)
        {
            context.Report.Leave("all weights", $"the model's opset is {context.Model.Opset()}; storing weights in int8 needs {StoredWeights.MinOpset}");
            return;
        }

        var exclude = new NamePatterns(options.Exclude);
        foreach (var site in WeightSites.Find(new Graph(context.Model)))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var scaleShape = site.ScaleShape(options.PerChannel);
            var scales = scaleShape.Aggregate(1L, (a, b) => a * b);
            var why = StoredWeights.WhyNot(site, site.Tensor.ElementCount() + scales * sizeof(float), NodesAdded, exclude);
            if (why is null && !site.Tensor.Span<float>().IsFinite())
                why = "it holds values that are not finite";
            if (why is not null)
            {
                context.Report.Leave(site.Name, why);
                continue;
            }

            Store(site, scaleShape);
            context.Report.Changed("weights stored in int8");
        }
    }

    private static void Store(WeightSite site, long[] scaleShape)
    {
        long[] shape = [.. site.Tensor.Dims];
        var (values, scales) = SymmetricInt8.Quantize(site.Tensor.Span<float>(), shape, scaleShape);
        StoredWeights.Replace(
            site,
            Tensors.Create(site.Scope.FreshName($"{site.Name}_int8"), shape, values),
            Tensors.Create(site.Scope.FreshName($"{site.Name}_scale"), scaleShape, scales));
    }
}
