using System.Collections.Concurrent;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Search;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Ranks channels by their contribution to the layers that read them on real data, and groups by the effect of their errors on the model's outputs.
/// </summary>
/// <param name="context">The context; its model is not pruned yet.</param>
/// <param name="main">Its main graph.</param>
/// <param name="analysis">The channels of the graph.</param>
internal sealed class ActivationRanking(PassContext context, Graph main, ChannelAnalysis analysis)
{
    // The number of held-out calls on which the effect of each group of channels is measured.
    private const int EvaluatedCalls = 8;

    /// <summary>Orders the channel classes of each group by the error that their removal causes. A group that no measurable layer reads is left out.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="byEnergy">Whether channels are ranked by their energy, without a solution of the remaining weights.</param>
    public IReadOnlyList<RemovalOrder> Order(IReadOnlyList<ChannelGroup> groups, bool byEnergy)
    {
        var layers = groups
            .SelectMany(group => group.Slots)
            .Where(slot => slot.Role == SlotRole.Reads)
            .Select(slot => slot.Node)
            .Distinct()
            .Select(node => FloatLayer.TryCreate(main, node, main, out _))
            .OfType<FloatLayer>()
            .Where(layer => layer.Groups == 1)
            .ToDictionary(layer => layer.Node);
        using var evaluator = new HeldOutEvaluator(context, EvaluatedCalls);
        var sensitivity = new Sensitivity(context, evaluator);
        var orders = new List<RemovalOrder>();
        var together = WavefrontSweep
            .Together(groups, group => Layers(group, layers).Sum(WavefrontSweep.Bytes))
            .ToDictionary(some => some.SelectMany(group => Layers(group, layers)).Distinct().ToArray());
        var moments = new ConcurrentDictionary<NodeProto, LayerMoments>();
        new WavefrontSweep(context.ForSweep(), context.Model, context.Calibration!.Fit!).Measure(
            [.. together.Keys],
            (layer, _, seen) => moments[layer.Node] = seen,
            measured =>
            {
                orders.AddRange(Order(together[measured], layers, moments, byEnergy, sensitivity));
                moments.Clear();
                foreach (var layer in measured)
                    layer.ReleaseWeights();
            }
        );
        return orders;
    }

    private RemovalOrder[] Order(
        ChannelGroup[] groups,
        Dictionary<NodeProto, FloatLayer> layers,
        ConcurrentDictionary<NodeProto, LayerMoments> moments,
        bool byEnergy,
        Sensitivity sensitivity
    )
    {
        var readers = groups.ToDictionary(
            group => group,
            group =>
                group
                    .Slots.Where(slot => slot.Role == SlotRole.Reads && moments.ContainsKey(slot.Node))
                    .Select(slot => new GroupReader(
                        layers[slot.Node],
                        GroupReader.ColumnsOf(group, slot, analysis.Classes, layers[slot.Node].Inputs),
                        moments[slot.Node]
                    ))
                    .ToArray()
        );
        foreach (var group in groups.Where(group => readers[group].Length == 0))
            context.Report.Leave(group.Name, "no layer reads its channels in a way that can be measured");
        var ranked = groups
            .Where(group => readers[group].Length > 0)
            .AsParallel()
            .AsOrdered()
            .Select(group => byEnergy ? Energy(group, readers[group]) : Elimination.Order(group, readers[group], context.CancellationToken));
        RemovalOrder[] orders;
        // Memory is reserved for the inverses of the moments, which are several times as large as the moments.
        using (new MemoryScope(readers.Values.SelectMany(some => some).Select(reader => WavefrontSweep.Bytes(reader.Layer)).DefaultIfEmpty().Max()))
            orders = [.. ranked];
        return [.. orders.Select(order => sensitivity.ScaleToMeasuredLoss(order, readers[order.Group]))];
    }

    // Returns the layers that read the channels of a group and have float weights that can be measured.
    private static IEnumerable<FloatLayer> Layers(ChannelGroup group, Dictionary<NodeProto, FloatLayer> layers) =>
        group.Slots.Where(slot => slot.Role == SlotRole.Reads).Select(slot => layers.GetValueOrDefault(slot.Node)).OfType<FloatLayer>().Distinct();

    private static RemovalOrder Energy(ChannelGroup group, GroupReader[] readers)
    {
        var scores = new double[group.Classes.Length];
        foreach (var reader in readers)
        {
            var (loss, inputs) = (DenseLoss.Of(reader.Moments, reader.Layer.Bias is not null), reader.Layer.Inputs);
            for (var i = 0; i < scores.Length; i++)
                foreach (var column in reader.Columns[i])
                    for (var row = 0; row < reader.Layer.Outputs; row++)
                        scores[i] +=
                            loss.Hessian[column * inputs + column]
                            * Math.Pow(reader.Layer.Weights[row * inputs + column], 2)
                            / Math.Max(double.Epsilon, loss.TargetSquare.Sum());
        }

        return RemovalOrder.ByScore(group, scores);
    }
}
