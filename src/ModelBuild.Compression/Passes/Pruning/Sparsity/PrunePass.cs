using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// The step <c>prune</c>: sets single weights to zero. By magnitude, the smallest weights of each layer are removed. By Wanda (Sun et al. 2023, arXiv
/// 2306.11695), the weights of each output channel with the smallest product of magnitude and norm of their input are removed; the others do not change, and
/// the bias absorbs the mean error. <see cref="Reconstruction"/> solves the remaining weights again. The last two methods process layers in topological
/// order, on the activations of the pruned model and with the outputs of the original layer as target. Shapes do not change, so ONNX Runtime is no faster:
/// only the zipped file becomes smaller.
/// </summary>
internal sealed class PrunePass(PruneOptions options) : IPass
{
    private readonly PruneSettings _settings = new(options);

    public void Run(PassContext context)
    {
        var samples = context.Calibration?.Fit;
        if (samples is null && options.Method is PruneMethod.Wanda or PruneMethod.Reconstruct)
            throw new CompressionException(
                Codes.CalibrationMissing,
                $"prune(method={options.Method.ToString().ToLowerInvariant()}) needs the inputs themselves, which a calibration file does not "
                    + $"contain: give CalibrationData, or use method=magnitude."
            );
        var byMagnitude = samples is null || options.Method == PruneMethod.Magnitude;
        var reference = context.Model.Clone();
        var found = new PrunableLayers(context, _settings, reference);
        var layers = found.Find(withBranches: byMagnitude);
        if (byMagnitude)
            ByMagnitude(context, layers);
        else
            ByData(context, layers, new WavefrontSweep(context.ForSweep(), reference, samples!));
        Tell(context, layers, found.Weights);
        if (options.Storage == SparseStorage.Sparse)
            SparseInitializers.Write(context, layers);
    }

    private static void ByMagnitude(PassContext context, IReadOnlyList<PrunedLayer> layers)
    {
        if (context.Calibration?.Fit is null)
            context.Report.Leave(
                "remaining weights",
                "without calibration data they are not fitted to compensate for the removed weights. "
                    + "At half of the weights, that costs 1 to 25 points of accuracy on small models, and less than one point with data"
            );
        var memory = new WeightMemory();
        foreach (var pruned in layers)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var weights = pruned.Layer.Weights;
            Clear(weights, pruned.Choice(byRow: false).Kept(Array.ConvertAll(weights, weight => (double)Math.Abs(weight))));
            pruned.Layer.Write();
            memory.Done(pruned.Layer.Tensor);
        }
    }

    private void ByData(PassContext context, IReadOnlyList<PrunedLayer> layers, WavefrontSweep stages)
    {
        var choices = layers.ToDictionary(pruned => pruned.Layer, pruned => pruned.Choice(byRow: options.Method == PruneMethod.Wanda));
        stages.Sweep(
            [.. layers.Select(pruned => pruned.Layer)],
            (layer, group, moments) =>
            {
                var part = layer.Weights.AsSpan(group * moments.Outputs * layer.Inputs, moments.Outputs * layer.Inputs);
                var weights =
                    options.Method == PruneMethod.Wanda
                        ? Wanda(part.ToArray(), moments, choices[layer])
                        : new Reconstruction(choices[layer], context.Calibration!.Threads).Solve(
                            part.ToArray(),
                            moments,
                            layer.Bias is not null,
                            context.CancellationToken
                        );
                weights.CopyTo(part);
                if (layer.Bias is { } bias)
                    moments.BestBias(weights).CopyTo(bias, group * moments.Outputs);
            }
        );
    }

    private static float[] Wanda(float[] weights, LayerMoments moments, WeightChoice choice)
    {
        var costs = new double[weights.Length];
        for (var i = 0; i < costs.Length; i++)
            costs[i] = Math.Abs(weights[i]) * Math.Sqrt(moments.Gram[i % moments.Inputs * (moments.Inputs + 1)]);
        Clear(weights, choice.Kept(costs));
        return weights;
    }

    private static void Clear(float[] weights, bool[] kept)
    {
        for (var i = 0; i < weights.Length; i++)
            if (!kept[i])
                weights[i] = 0;
    }

    private static void Tell(PassContext context, IReadOnlyList<PrunedLayer> layers, long weights)
    {
        var zeros = 0L;
        foreach (var pruned in layers)
        {
            var (node, own) = (pruned.Layer.Node, pruned.Zeros);
            zeros += own;
            context.Report.Node(
                new NodeOutcome(node.OpType, node.Name.Length > 0 ? node.Name : node.Output[0], NodeForm.Pruned) { Zeros = own / (double)pruned.Layer.Count }
            );
        }

        context.Report.Changed("layers pruned", layers.Count);
        context.Report.Changed("percent of the weights of all layers are zero", (int)Math.Round(100.0 * zeros / Math.Max(1, weights)));
    }
}
