namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Divides the requested savings among groups of channels. Each iteration shrinks the group with the least increase of error for the saved work, until enough
/// is saved.
/// </summary>
internal sealed class PruningBudget
{
    private readonly PrunedLayer[] _layers;
    private readonly Dictionary<int, List<(PrunedLayer Layer, bool Makes, int Slices)>> _slices = [];

    /// <param name="layers">The layers whose work is counted.</param>
    /// <param name="classes">The classes of channels that are removed together.</param>
    public PruningBudget(IReadOnlyList<PrunedLayer> layers, ChannelClasses classes)
    {
        _layers = [.. layers];
        foreach (var layer in _layers)
        {
            Count(layer, layer.Outputs, makes: true, classes);
            Count(layer, layer.Inputs, makes: false, classes);
        }
    }

    /// <summary>Chooses how many classes of channels are removed from each group.</summary>
    /// <param name="orders">The groups and their losses; groups without a known loss are not among them.</param>
    /// <param name="ratio">The share of all work that is removed, 0…1.</param>
    /// <param name="multiple">The number of remaining classes is a multiple of this number, unless the group is smaller.</param>
    public int[] Allocate(IReadOnlyList<RemovalOrder> orders, double ratio, int multiple)
    {
        if (orders.Count == 0)
            return [];
        var removed = new int[orders.Count];
        var touched = orders
            .Select(order => order.Order.SelectMany(entry => _slices.GetValueOrDefault(entry) ?? []).Select(slice => slice.Layer).Distinct().ToArray())
            .ToArray();
        var steps = orders.Select((order, group) => Best(order, removed[group], multiple, touched[group])).ToArray();
        var total = Work(_layers);
        while (Work(_layers) > (1 - ratio) * total)
        {
            var best = 0;
            for (var group = 1; group < steps.Length; group++)
                if (steps[group].Price < steps[best].Price)
                    best = group;
            if (double.IsPositiveInfinity(steps[best].Price))
                break;
            Take(orders[best], removed[best], steps[best].Count, -1);
            removed[best] = steps[best].Count;
            // The prices of other groups are computed again if they share a layer with this group, because their savings have changed.
            foreach (var (group, order) in orders.Index())
                if (touched[group].Intersect(touched[best]).Any())
                    steps[group] = Best(order, removed[group], multiple, touched[group]);
        }

        return removed;
    }

    /// <summary>
    /// Returns the permitted counts of removed classes beyond those already removed. All of them are compared, because losses are not convex.
    /// </summary>
    /// <param name="order">The group.</param>
    /// <param name="removed">The number of classes that are already removed.</param>
    /// <param name="multiple">The number of remaining classes is a multiple of this number, or of a quarter of the group if that is less.</param>
    public static IEnumerable<int> Steps(RemovalOrder order, int removed, int multiple)
    {
        var all = order.Order.Length;
        for (var count = removed + 1; count < all; count++)
            if ((all - count) % Math.Min(multiple, Math.Max(1, all / 4)) == 0)
                yield return count;
    }

    // Returns how many classes of channels to remove for the least error per saved work, and this price. The price is infinite if no number saves work.
    private (int Count, double Price) Best(RemovalOrder order, int removed, int multiple, PrunedLayer[] touched)
    {
        var best = (Count: removed, Price: double.PositiveInfinity);
        var (before, gone) = (Work(touched), removed);
        foreach (var count in Steps(order, removed, multiple))
        {
            Take(order, gone, count, -1);
            gone = count;
            var saved = before - Work(touched);
            var price = (order.Losses[count] - order.Losses[removed]) / saved;
            if (saved > 0 && price < best.Price)
                best = (count, price);
        }

        Take(order, removed, gone, +1);
        return best;
    }

    private static double Work(PrunedLayer[] layers) => layers.Sum(layer => layer.Left);

    private void Take(RemovalOrder order, int from, int to, int sign)
    {
        for (var i = from; i < to; i++)
            if (_slices.TryGetValue(order.Order[i], out var slices))
                foreach (var (layer, makes, count) in slices)
                    if (makes)
                        layer.KeptOutputs += sign * count;
                    else
                        layer.KeptInputs += sign * count;
    }

    private void Count(PrunedLayer layer, int[]? channels, bool makes, ChannelClasses classes)
    {
        foreach (var entry in (channels ?? []).GroupBy(classes.Of))
        {
            var slices = _slices.TryGetValue(entry.Key, out var known) ? known : _slices[entry.Key] = [];
            slices.Add((layer, makes, entry.Count()));
        }
    }
}
