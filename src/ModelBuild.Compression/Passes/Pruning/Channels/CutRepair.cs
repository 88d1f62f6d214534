using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Solves the layers behind the first cut again, one after another, on what the cut model gives them and towards what the original answered in the channels that are left
/// (He et al. 2017, Channel Pruning for Accelerating Very Deep Neural Networks, arXiv 1707.06168), bias included.
/// </summary>
internal static class CutRepair
{
    /// <summary>Changes the context's model.</summary>
    /// <param name="context">With the model after the cut.</param>
    /// <param name="cut">What was taken out.</param>
    /// <param name="reference">The model before.</param>
    /// <param name="samples">What both are run on.</param>
    public static void Run(PassContext context, ChannelCut cut, OnnxModel reference, ISampleSource samples)
    {
        var layers = Layers(new Graph(context.Model), new Graph(reference), cut);
        new LayerStages(context, reference, samples).Sweep(layers, (layer, group, moments) =>
        {
            var (rows, first) = (layer.Outputs / layer.Groups, group * (layer.Outputs / layer.Groups));
            var weights = layer.Weights.AsSpan(first * layer.Inputs, rows * layer.Inputs);
            CrossValidatedRidge.Solve(moments, layer.Bias is not null, weights, context.CancellationToken).CopyTo(weights);
            if (layer.Bias is not null)
                moments.BestBias(weights).CopyTo(layer.Bias, first);
        });
        context.Report.Changed("layers solved again", layers.Count);
    }

    // Layers before the first cut answer as they did.
    private static List<FloatLayer> Layers(Graph main, Graph original, ChannelCut cut)
    {
        var layers = new List<FloatLayer>();
        var isBehind = false;
        foreach (var node in main.Nodes)
        {
            isBehind |= cut.Analysis.Read(node)?.All(cut.Keeps) == false;
            if (!isBehind || FloatLayer.TryCreate(main, node, original, out _) is not { } layer)
                continue;
            if (cut.Analysis.Made(node) is { } made)
                layer.SourceChannels = cut.Kept(made);
            layers.Add(layer);
        }

        return layers;
    }
}
