using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Ranks channels by their weights alone: the norm of the weights that compute a channel times the norm of the weights that read it, because a factor can
/// move from one to the other.
/// </summary>
internal static class MagnitudeRanking
{
    /// <summary>Orders the channel classes of each group by the magnitude of their weights.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="analysis">The channels of the graph.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="byL1">Whether norms are sums of magnitudes; otherwise they are sums of squares.</param>
    public static IReadOnlyList<RemovalOrder> Order(Graph main, ChannelAnalysis analysis, IReadOnlyList<ChannelGroup> groups, bool byL1) =>
        [
            .. groups.Select(group =>
            {
                var made = Norms(main, analysis, group, SlotRole.Makes, byL1);
                var read = Norms(main, analysis, group, SlotRole.Reads, byL1);
                var scores = made.Zip(read, (a, b) => a * b).ToArray();
                var all = Math.Max(double.Epsilon, scores.Sum());
                return RemovalOrder.ByScore(group, Array.ConvertAll(scores, score => score / all));
            }),
        ];

    private static double[] Norms(Graph main, ChannelAnalysis analysis, ChannelGroup group, SlotRole role, bool byL1)
    {
        var (sums, norms) = (new SliceSums(analysis, group), new double[group.Classes.Length]);
        foreach (var slot in group.Slots.Where(slot => slot.Role == role))
        {
            var tensor = main.Constant(slot.Constant);
            sums.Add(norms, slot, tensor.Dims, tensor.ToFloats().Select(weight => byL1 ? Math.Abs(weight) : (double)weight * weight));
        }

        return norms;
    }
}
