namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Finds the fewest nodes that must stay float32. Rounding errors of different nodes are next to independent, so their energies add up: each node's own share is measured with that node alone in
/// 16 bits, and the largest shares go to float32, as many as a binary search over real measurements says. Of many nodes, neighbours are measured together first, and only the groups that had to go
/// back are divided further, which bounds the number of measurements.
/// </summary>
/// <param name="measure">The SQNR in dB of the model with these nodes in 16 bits, alone or with all that need not stay float32.</param>
/// <param name="sqnr">What it must reach.</param>
internal sealed class Float32Search(Func<IReadOnlyCollection<int>, bool, double> measure, double sqnr)
{
    private const int MaxGroups = 48;
    private const double MaxGainDb = 200;

    private readonly List<(int[] Group, double GainDb)> _shares = [];

    /// <summary>What each group of nodes costs, by the number of dB that the energies of the errors say its return gives; those that were divided are left out.</summary>
    public IReadOnlyList<(int[] Group, double GainDb)> Shares => _shares;

    /// <summary>The nodes that must stay float32; null when not even all of them suffice.</summary>
    /// <param name="nodes">All that can be converted, in the order in which data flows.</param>
    public IReadOnlyList<int>? Run(IReadOnlyList<int> nodes)
    {
        IReadOnlyList<int> float32 = [];
        if (measure(nodes, false) >= sqnr)
            return float32;
        var open = nodes;
        while (true)
        {
            var groups = open.Chunk((open.Count + MaxGroups - 1) / MaxGroups).ToArray();
            var ranked = Rank(groups);
            if (Fewest(nodes, ranked) is not { } count)
                return null;
            float32 = [.. ranked.Take(count).SelectMany(group => group).Order()];
            if (groups[0].Length == 1)
                return float32;
            // What goes back as a whole is looked at again, node by node where there are few enough.
            _shares.RemoveAll(share => ranked.Take(count).Contains(share.Group));
            open = float32;
        }
    }

    private int[][] Rank(int[][] groups)
    {
        var energies = groups.Select(group => Math.Pow(10, -measure(group, true) / 10)).ToArray();
        var total = energies.Sum();
        _shares.AddRange(
            groups.Zip(energies, (group, energy) => (group, Math.Min(MaxGainDb, Math.Round(-10 * Math.Log10(Math.Max(0, 1 - energy / total)), 2))))
        );
        return [.. groups.Zip(energies).OrderByDescending(pair => pair.Second).Select(pair => pair.First)];
    }

    private int? Fewest(IReadOnlyList<int> nodes, int[][] ranked)
    {
        bool IsEnough(int count) => measure([.. nodes.Except(ranked.Take(count).SelectMany(group => group))], false) >= sqnr;
        var (low, high) = (0, ranked.Length);
        if (!IsEnough(high))
            return null;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = IsEnough(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }
}
