namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Finds the fewest nodes that must stay float32. Rounding errors of different nodes are almost independent, so their energies add up. The error of each node
/// is measured with that node alone in 16 bits. The nodes with the largest errors stay float32; a binary search over measurements finds their number. If
/// there are many nodes, groups of neighbours are measured first, and only the groups that must stay float32 are divided further, which bounds the number of
/// measurements.
/// </summary>
/// <param name="measure">Returns the SQNR in dB of the model with these nodes in 16 bits: these alone, or all nodes except those that stay float32.</param>
/// <param name="sqnr">The SQNR in dB that the model must reach.</param>
internal sealed class Float32Search(Func<IReadOnlyCollection<int>, bool, double> measure, double sqnr)
{
    private const int MaxGroups = 48;
    private const double MaxGainDb = 200;

    private readonly List<(int[] Group, double GainDb)> _shares = [];

    /// <summary>
    /// For each group of nodes, the estimated gain in dB when the group stays float32, from the energies of the errors. Groups that were divided are left
    /// out.
    /// </summary>
    public IReadOnlyList<(int[] Group, double GainDb)> Shares => _shares;

    /// <summary>Runs the search. Returns the nodes that must stay float32; null if the SQNR is not reached with all of them in float32.</summary>
    /// <param name="nodes">All nodes that can be converted, in topological order.</param>
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
            // The groups of nodes that must stay float32 are divided and ranked again, down to single nodes if there are few enough.
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
