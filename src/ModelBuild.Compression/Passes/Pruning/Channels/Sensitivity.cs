using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Search;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Measures the effect of the errors of a group's readers on the model's outputs: some channels of the group are removed, the readers are solved again, and
/// the outputs are compared on held-out samples. Without this measurement, a layer far from the outputs, whose errors average out, would count as much as the
/// last layer.
/// </summary>
/// <param name="context">The context; its model is not pruned yet.</param>
/// <param name="evaluator">Compares outputs on held-out samples.</param>
internal sealed class Sensitivity(PassContext context, HeldOutEvaluator evaluator)
{
    // The share of the channels that is removed to measure a loss. It is small enough for errors to grow in proportion, and large enough for them to be
    // measured.
    private const double Share = 0.25;

    /// <summary>Returns the given order with losses that are scaled to shares of the energy of the model's worst output.</summary>
    public RemovalOrder ScaleToMeasuredLoss(RemovalOrder order, IReadOnlyList<GroupReader> readers)
    {
        var count = Math.Max(1, (int)(order.Order.Length * Share));
        if (order.Losses[count] <= 0)
            return order;
        var trial = context.Model.Clone();
        var main = new Graph(trial);
        var reference = new Graph(context.Model);
        var gone = order.Order[..count].ToHashSet();
        using (new MemoryScope(readers.Max(reader => WavefrontSweep.Bytes(reader.Layer))))
            foreach (var reader in readers)
                if (FloatLayer.TryCreate(main, main.Producer(reader.Layer.Node.Output[0])!, reference, out _) is { } layer)
                    RemoveChannels(layer, reader, gone, order.Group);
        var error = Math.Pow(10, -evaluator.SqnrDb(trial) / 10);
        return order with { Losses = Array.ConvertAll(order.Losses, loss => loss * error / order.Losses[count]) };
    }

    // Sets the weights that read some channels to zero, which has the same effect on the outputs as removing the channels.
    private void RemoveChannels(FloatLayer layer, GroupReader reader, HashSet<int> gone, ChannelGroup group)
    {
        var removed = reader.Columns.Where((_, i) => gone.Contains(group.Classes[i])).SelectMany(columns => columns).ToHashSet();
        int[] kept = [.. Enumerable.Range(0, layer.Inputs).Where(column => !removed.Contains(column))];
        var moments = reader.Moments.Of(kept);
        var weights = new float[layer.Outputs * kept.Length];
        for (var row = 0; row < layer.Outputs; row++)
        for (var i = 0; i < kept.Length; i++)
            weights[row * kept.Length + i] = layer.Weights[row * layer.Inputs + kept[i]];
        weights = CrossValidatedRidge.Solve(moments, layer.Bias is not null, weights, context.CancellationToken);
        layer.Weights = new float[layer.Count];
        for (var row = 0; row < layer.Outputs; row++)
        for (var i = 0; i < kept.Length; i++)
            layer.Weights[row * layer.Inputs + kept[i]] = weights[row * kept.Length + i];
        if (layer.Bias is not null)
            layer.Bias = moments.BestBias(weights);
        layer.Write();
    }
}
