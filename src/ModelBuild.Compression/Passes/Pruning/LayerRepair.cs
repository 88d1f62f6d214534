using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning;

/// <summary>
/// Solves the weights and biases of layers again after pruning, in topological order. Each layer is fitted to its inputs in the pruned model, with the outputs
/// of the original layer in the remaining channels as target (He et al. 2017, Channel Pruning for Accelerating Very Deep Neural Networks, arXiv 1707.06168).
/// </summary>
internal static class LayerRepair
{
    /// <summary>Solves the given layers of the context's model again.</summary>
    /// <param name="context">The context with the pruned model.</param>
    /// <param name="layers">The layers behind the removed channels or branches, in topological order.</param>
    /// <param name="reference">The model before pruning.</param>
    /// <param name="samples">The samples that both models are run on.</param>
    public static void Run(PassContext context, IReadOnlyList<FloatLayer> layers, OnnxModel reference, ISampleSource samples)
    {
        new WavefrontSweep(context.ForSweep(), reference, samples).Sweep(
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
