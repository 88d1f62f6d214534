using System.Collections.Concurrent;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Ranks channels by what their readers see of them on real data, and groups by what their errors mean for the model's answers.</summary>
/// <param name="context">With the model before anything is taken out.</param>
/// <param name="main">Its main graph.</param>
/// <param name="analysis">Its channels.</param>
internal sealed class ActivationRanking(PassContext context, Graph main, ChannelAnalysis analysis)
{
    // A few answers show which groups matter.
    private const int JudgedCalls = 8;

    /// <summary>Orders each group; one that no layer reads in a way that can be measured is left out.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="byEnergy">Whether channels count by themselves, without making good what is lost.</param>
    public IReadOnlyList<RemovalOrder> Order(IReadOnlyList<ChannelGroup> groups, bool byEnergy)
    {
        var layers = groups.SelectMany(Readers).Distinct().Select(node => FloatLayer.TryCreate(main, node, main, out _)).OfType<FloatLayer>().Where(layer => layer.Groups == 1).ToDictionary(layer => layer.Node);
        using var judge = new HeldOutJudge(context, JudgedCalls);
        var sensitivity = new Sensitivity(context, judge);
        var orders = new List<RemovalOrder>();
        foreach (var together in LayerStages.Together(groups, group => Readers(group).Distinct().Where(layers.ContainsKey).Sum(node => LayerStages.Bytes(layers[node]))))
        {
            var readers = Measure(together, layers);
            foreach (var group in together.Where(group => readers[group].Length == 0))
                context.Report.Leave(group.Name, "no layer reads its channels in a way that can be measured");
            var ranked = together.Where(group => readers[group].Length > 0).AsParallel().AsOrdered()
                .Select(group => byEnergy ? Energy(group, readers[group]) : Elimination.Order(group, readers[group], context.CancellationToken));
            orders.AddRange(ranked.ToArray().Select(order => sensitivity.Scale(order, readers[order.Group])));
            foreach (var reader in readers.Values.SelectMany(all => all))
                reader.Layer.Forget();
        }

        return orders;
    }

    private static IEnumerable<NodeProto> Readers(ChannelGroup group) => group.Slots.Where(slot => slot.Role == SlotRole.Reads).Select(slot => slot.Node);

    private Dictionary<ChannelGroup, GroupReader[]> Measure(ChannelGroup[] groups, Dictionary<NodeProto, FloatLayer> layers)
    {
        var moments = new ConcurrentDictionary<NodeProto, LayerMoments>();
        FloatLayer[] read = [.. groups.SelectMany(Readers).Distinct().Where(layers.ContainsKey).Select(node => layers[node])];
        new LayerStages(context, context.Model, context.Calibration!.Fit!).Measure(read, (layer, _, seen) => moments[layer.Node] = seen);
        return groups.ToDictionary(group => group, group => group.Slots
            .Where(slot => slot.Role == SlotRole.Reads && moments.ContainsKey(slot.Node))
            .Select(slot => new GroupReader(layers[slot.Node], GroupReader.ColumnsOf(group, slot, analysis.Classes, layers[slot.Node].Inputs), moments[slot.Node]))
            .ToArray());
    }

    private static RemovalOrder Energy(ChannelGroup group, GroupReader[] readers)
    {
        var scores = new double[group.Classes.Length];
        foreach (var reader in readers)
        {
            var (loss, inputs) = (LayerLoss.Of(reader.Moments, reader.Layer.Bias is not null), reader.Layer.Inputs);
            for (var i = 0; i < scores.Length; i++)
                foreach (var column in reader.Columns[i])
                    for (var row = 0; row < reader.Layer.Outputs; row++)
                        scores[i] += loss.Hessian[column * inputs + column] * Math.Pow(reader.Layer.Weights[row * inputs + column], 2) / Math.Max(double.Epsilon, loss.TargetSquare.Sum());
        }

        return RemovalOrder.ByScore(group, scores);
    }
}
