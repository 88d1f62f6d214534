using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning;

/// <summary>
/// Solves layers again, one after another, on what the pruned model gives them and towards what the original answered in the channels that are left
/// (He et al. 2017, Channel Pruning for Accelerating Very Deep Neural Networks, arXiv 1707.06168), bias included.
/// </summary>
internal static class LayerRepair
{
    /// <summary>Changes the context's model.</summary>
    /// <param name="context">With the model after pruning.</param>
    /// <param name="layers">The layers behind what was taken out, in order.</param>
    /// <param name="reference">The model before.</param>
    /// <param name="samples">What both are run on.</param>
    public static void Run(PassContext context, IReadOnlyList<FloatLayer> layers, OnnxModel reference, ISampleSource samples)
    {
        new LayerStages(context.ForSweep(), reference, samples).Sweep(
            layers,
            (layer, group, moments) =>
            {
                var (rows, first) = (layer.Outputs / layer.Groups, group * (layer.Outputs / layer.Groups));
                var weights = layer.Weights.AsSpan(first * layer.Inputs, rows * layer.Inputs);
                CrossValidatedRidge.Solve(moments, layer.Bias is not null, weights, context.CancellationToken).CopyTo(weights);
                if (layer.Bias is not null)
                    moments.BestBias(weights).CopyTo(layer.Bias, first);
            }
        );
        context.Report.Changed("layers solved again", layers.Count);
    }
}
