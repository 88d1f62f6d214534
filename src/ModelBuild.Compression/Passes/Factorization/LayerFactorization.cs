using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Replaces layers by two layers each, in topological order. With samples, each layer is fitted to its inputs in the changed model and to the outputs of the
/// original layer, and its bias is corrected. Without samples, each layer is fitted to its weights alone.
/// </summary>
internal static class LayerFactorization
{
    /// <summary>Replaces the layers in the context's model, and reports the outcome of each layer.</summary>
    /// <param name="context">The context with the model.</param>
    /// <param name="reference">The original model.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="rule">Chooses forms and ranks.</param>
    public static void Run(PassContext context, OnnxModel reference, IReadOnlyList<FactorableLayer> layers, IRankRule rule)
    {
        if (context.Calibration?.Fit is { } samples)
            new WavefrontSweep(context.ForSweep(), reference, samples).Sweep(
                layers,
                (layer, _, moments) => layer.Fit(layer.Measured(moments, context.CancellationToken), rule, moments, context.CancellationToken)
            );
        else
            FitToWeights(context, layers, rule);
        foreach (var layer in layers)
            layer.Report(context.Report);
    }

    private static void FitToWeights(PassContext context, IReadOnlyList<FactorableLayer> layers, IRankRule rule)
    {
        if (layers.Count > 0)
            context.Report.Leave(
                "the activations",
                "there are no calibration samples, so layers are fitted to their weights alone. "
                    + "That loses several times as much accuracy as a fit to their inputs. Give CalibrationData"
            );
        var memory = new WeightMemory();
        // At most as many layers as the machine has processors are factorized at the same time, because each needs several times the memory of its weights.
        foreach (var some in layers.Chunk(Environment.ProcessorCount))
        {
            Parallel.ForEach(
                some,
                new ParallelOptions { CancellationToken = context.CancellationToken },
                layer => layer.Fit(layer.Plain(), rule, moments: null, context.CancellationToken)
            );
            foreach (var layer in some)
            {
                var weight = layer.Weight;
                layer.Write();
                memory.Done(weight);
            }
        }
    }
}
