using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Ranks channels by their weights alone: the norm of those that make a channel times the norm of those that read it, since one can be large for the other's being small.</summary>
internal static class MagnitudeRanking
{
    /// <summary>Orders each group.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="analysis">Its channels.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="byL1">Sums of magnitudes rather than of squares.</param>
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
