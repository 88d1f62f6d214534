using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// The base class of the steps that only store weights in another form. It processes every weight (<see cref="WeightSites"/>) for which the file becomes
/// smaller, and writes the form that <see cref="StoredWeights"/> describes.
/// </summary>
/// <param name="type">The element type that weights are stored in, as receipts name it.</param>
/// <param name="form">The form of the nodes that read such weights.</param>
/// <param name="exclude">The step's <c>exclude</c> option.</param>
internal abstract class WeightStoragePass(string type, NodeForm form, string exclude) : IPass
{
    private readonly NamePatterns _exclude = new(exclude);

    public void Run(PassContext context)
    {
        if (context.Model.Opset() < StoredWeights.MinOpset)
        {
            context.Report.Leave("all weights", $"the model's opset is {context.Model.Opset()}; storing weights in {type} needs {StoredWeights.MinOpset}");
            return;
        }

        context.Layers.KeepReference(context.Model);
        var main = new Graph(context.Model);
        foreach (var site in WeightSites.Find(main))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (bytes, nodes) = Cost(site);
            if ((StoredWeights.WhyNot(site, bytes, nodes, _exclude) ?? WhyNot(site.Tensor.Span<float>())) is { } why)
            {
                context.Report.Leave(site.Name, why);
            }
            else
            {
                Store(context, main, site);
                context.Report.Changed($"weights stored in {type}");
                context.Report.Reform(site.Readers.Select(reader => reader.Name), form);
            }

            site.Tensor.Release();
        }
    }

    /// <summary>Returns the bytes of the narrow form, and the number of nodes and initializers that it adds.</summary>
    protected abstract (long Bytes, int Nodes) Cost(WeightSite site);

    /// <summary>Returns the reason why the values of a weight cannot be stored in the narrow form; null if they can.</summary>
    protected abstract Refusal? WhyNot(ReadOnlySpan<float> values);

    /// <summary>Stores one weight in the narrow form.</summary>
    protected abstract void Store(PassContext context, Graph main, WeightSite site);
}
