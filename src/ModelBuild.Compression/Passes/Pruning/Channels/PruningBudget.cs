namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Divides what has to go among the groups: again and again the group goes on shrinking in which that costs the least error for what it saves, until enough is saved.
/// </summary>
internal sealed class PruningBudget
{
    private readonly PrunedLayer[] _layers;
    private readonly Dictionary<int, List<(PrunedLayer Layer, bool Makes, int Slices)>> _slices = [];

    /// <param name="layers">The layers whose work is counted.</param>
    /// <param name="classes">Which channels go together.</param>
    public PruningBudget(IReadOnlyList<PrunedLayer> layers, ChannelClasses classes)
    {
        _layers = [.. layers];
        foreach (var layer in _layers)
        {
            Count(layer, layer.Outputs, makes: true, classes);
            Count(layer, layer.Inputs, makes: false, classes);
        }
    }

    /// <summary>Chooses how many classes of each group go.</summary>
    /// <param name="orders">The groups; there may be none of which it is known what they cost.</param>
    /// <param name="ratio">The share of all work that goes, 0…1.</param>
    /// <param name="multiple">What the number of classes that stay is a multiple of, where the group is not smaller.</param>
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
            // What other groups save has changed where they share a layer with this one.
            foreach (var (group, order) in orders.Index())
                if (touched[group].Intersect(touched[best]).Any())
                    steps[group] = Best(order, removed[group], multiple, touched[group]);
        }

        return removed;
    }

    /// <summary>The counts of removed classes that leave a good number, beyond those that are gone already. One step ahead is not enough: losses are not convex.</summary>
    /// <param name="order">The group.</param>
    /// <param name="removed">How many are gone.</param>
    /// <param name="multiple">What the number of those that stay is a multiple of; in a small group a quarter of it at most.</param>
    public static IEnumerable<int> Steps(RemovalOrder order, int removed, int multiple)
    {
        var all = order.Order.Length;
        for (var count = removed + 1; count < all; count++)
            if ((all - count) % Math.Min(multiple, Math.Max(1, all / 4)) == 0)
                yield return count;
    }

    // The count of removed classes that costs the least error for what it saves; an infinite price where none saves anything.
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
