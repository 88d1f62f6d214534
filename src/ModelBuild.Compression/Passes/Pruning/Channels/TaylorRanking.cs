using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Ranks channels by the first-order Taylor expansion of the loss. Without a channel c, the loss of a sample changes by about t = Σ w · ∂L/∂w over the
/// weights that read c, which equals Σ x · ∂L/∂x over the channel itself (Molchanov et al. 2017, arXiv 1611.06440). The importance of a channel is the mean
/// of t² over the samples (Molchanov et al. 2019, arXiv 1906.10771), because the sum of t is close to zero for every channel of a fully trained model.
/// </summary>
/// <param name="main">The main graph.</param>
/// <param name="analysis">The channels of the graph.</param>
/// <param name="gradients">The gradients.</param>
/// <param name="report">Receives the groups without gradients.</param>
internal sealed class TaylorRanking(Graph main, ChannelAnalysis analysis, IWeightGradients gradients, PassReport report)
{
    /// <summary>Orders the channel classes of each group by their importance. Groups without gradients are left out.</summary>
    /// <exception cref="CompressionException">MB1019: there are no gradients for any group, or the numbers of gradients of two weights differ.</exception>
    public IReadOnlyList<RemovalOrder> Order(IReadOnlyList<ChannelGroup> groups)
    {
        var orders = new List<RemovalOrder>();
        var missing = new List<string>();
        foreach (var group in groups)
            if (Scores(group, missing) is { } scores)
                orders.Add(RemovalOrder.ByScore(group, scores));
        if (orders.Count == 0)
            throw new CompressionException(
                Codes.CalibrationData,
                $"None of the gradients belongs to a weight that reads channels: "
                    + $"{string.Join(", ", missing.Distinct(StringComparer.Ordinal).Take(3).Select(name => $"'{name}'"))}, … Compute them for the "
                    + $"model that 'optimize' writes, whose weights have these names."
            );
        return orders;
    }

    private double[]? Scores(ChannelGroup group, List<string> missing)
    {
        var sums = new SliceSums(analysis, group);
        List<double[]>? changes = null;
        // Each weight is counted once, because a weight that several nodes read has one gradient for all of them.
        foreach (var slot in group.Slots.Where(slot => slot.Role == SlotRole.Reads).DistinctBy(slot => (slot.Constant, slot.Axis)))
        {
            var tensor = main.Constant(slot.Constant);
            var weights = tensor.ToFloats();
            var own = new List<double[]>();
            foreach (var gradient in gradients.Of(slot.Constant, tensor))
            {
                own.Add(new double[group.Classes.Length]);
                sums.Add(own[^1], slot, tensor.Dims, weights.Zip(gradient, (weight, slope) => (double)weight * slope));
            }

            if (own.Count == 0)
            {
                missing.Add(slot.Constant);
                report.Leave(group.Name, $"there is no gradient of '{slot.Constant}', which reads its channels");
                return null;
            }

            if (changes is not null && changes.Count != own.Count)
                throw new CompressionException(
                    Codes.CalibrationData,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"There are {own.Count} gradients of '{slot.Constant}' and {changes.Count} of other weights. "
                            + $"All weights need gradients of the same samples."
                    )
                );
            changes = changes is null ? own : [.. changes.Zip(own, (a, b) => a.Zip(b, (x, y) => x + y).ToArray())];
        }

        return [.. Enumerable.Range(0, group.Classes.Length).Select(i => changes!.Average(change => change[i] * change[i]))];
    }
}
