using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// Stores the weights that no rewritten product reads: those of Conv, ConvTranspose and recurrent layers, of products that are too small or not supported,
/// and embeddings that have other readers. 4-bit integers exist from opset 21 on. If at least one weight needs them, the model is upgraded to that opset; if
/// it cannot be upgraded, bytes hold two codes each.
/// </summary>
internal sealed class WeightStorage(BlockSettings settings, PassContext context, Graph main, BlockLayers layers)
{
    // The estimated number of nodes and initializers that storing one weight adds: two or three initializers, and about as many nodes.
    private const int Parts = 8;

    // The number of nodes and initializers that separate the two 4-bit codes of each byte.
    private const int PartsOfHalves = 8;

    private readonly NamePatterns _exclude = new(settings.Exclude);

    /// <summary>Stores each weight that no rewritten product reads, if the file becomes smaller.</summary>
    public void Run()
    {
        var last = LastLayers.Find(main).Select(node => node.Input[WeightedOperator.Of(node).WeightInput]).ToHashSet(StringComparer.Ordinal);
        if (context.Model.Opset() < StoredWeights.MinOpset)
        {
            context.Report.Leave("all weights", $"the model's opset is {context.Model.Opset()}; narrow weights need {StoredWeights.MinOpset}");
            return;
        }

        var canLift = OpsetUpgrade.WhyNot(main) is null;
        foreach (var site in WeightSites.Find(main))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var bits = last.Contains(site.Name) ? settings.LastLayerBits : settings.Bits;
            var layout = StoredLayout.Of(site, settings.Storage == StorageGranularity.Block ? settings.BlockSize : null);
            var inHalves = bits == 4 && !canLift;
            if (WhyNot(site, layout, bits, inHalves) is { } why)
            {
                context.Report.Leave(site.Name, why);
                continue;
            }

            if (bits == 4 && canLift)
                OpsetUpgrade.Apply(main);
            Store(site, layout, bits, inHalves);
            context.Report.Changed($"weights stored in {settings.Words(bits)}");
            context.Report.Reform(site.Readers.Select(reader => reader.Name), bits == 4 ? NodeForm.StoredInt4 : NodeForm.StoredInt8);
        }
    }

    private Refusal? WhyNot(WeightSite site, StoredLayout layout, int bits, bool inHalves)
    {
        var count = site.Tensor.ElementCount();
        if (count == 0)
            return Refusal.Empty;
        if (inHalves && count % 2 != 0)
            return new Refusal($"it has an odd number of weights, and {OpsetUpgrade.WhyNot(main)}");
        var scales = count / layout.BlockSize * (settings.Symmetric ? 2 : 4);
        return StoredWeights.WhyNot(site, count * bits / 8 + scales, inHalves ? Parts + PartsOfHalves : Parts, _exclude)
            ?? Refusal.OfNotFinite(site.Tensor.Span<float>());
    }

    private void Store(WeightSite site, StoredLayout layout, int bits, bool inHalves)
    {
        var rule = settings.StoredGrid(bits, layout.BlockSize);
        var balanced = settings.Balanced ? layout.Group : 0;
        var tensors = new StoredTensors(site, layout, EncodedWeights.Encode(layout.Weights, rule, balanced, context.CancellationToken), bits, inHalves);
        if (site.Scope.Consumers(site.Name) is [var use])
            layers.Add(use, layout, rule, balanced, tensors);
        tensors.Replace(site);
    }
}
