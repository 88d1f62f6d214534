using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// The step <c>float16-weights</c>. Matches every weight (<see cref="WeightSites"/>) that is large enough to gain and whose values fit into float16
/// (IEEE 754 binary16: at most 65504). Leaves behind <c>Cast(float16)</c>. Half a unit in the last place of 11 bits: about 70 dB.
/// </summary>
internal sealed class Float16WeightsPass(Float16WeightsOptions options) : IPass
{
    private const int NodesAdded = 2;

    public void Run(PassContext context)
    {
        if (context.Model.Opset() < StoredWeights.MinOpset)
        {
            context.Report.Leave("all weights", $"the model's opset is {context.Model.Opset()}; storing weights in float16 needs {StoredWeights.MinOpset}");
            return;
        }

        var exclude = new NamePatterns(options.Exclude);
        foreach (var site in WeightSites.Find(new Graph(context.Model)))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var why = StoredWeights.WhyNot(site, site.Tensor.ElementCount() * 2, NodesAdded, exclude);
            if (why is null && !Fits(site.Tensor.Span<float>()))
                why = "it holds values beyond float16's range";
            if (why is not null)
            {
                context.Report.Leave(site.Name, why);
                continue;
            }

            var source = site.Tensor.Span<float>();
            var narrow = new Half[source.Length];
            for (var i = 0; i < narrow.Length; i++)
                narrow[i] = (Half)source[i];
            StoredWeights.Replace(site, Tensors.Create(site.Scope.FreshName($"{site.Name}_float16"), [.. site.Tensor.Dims], narrow), scale: null);
            context.Report.Changed("weights stored in float16");
        }
    }

    private static bool Fits(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!Half.IsFinite((Half)value))
                return false;
        return true;
    }
}
