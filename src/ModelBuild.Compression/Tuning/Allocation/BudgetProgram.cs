namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>
/// Chooses the form of each group of layers so that the sum of the errors is least within a budget: a dynamic program over groups and buckets of cost, as in
/// SPDY (Frantar and Alistarh 2022, arXiv 2201.13096). One run gives the best choices for every budget.
/// </summary>
internal sealed class BudgetProgram
{
    private const int Buckets = 10_000;

    // Two errors whose ratio is at most this number count as equal. The number is a difference of a tenth of a decibel, which does not justify any additional
    // cost.
    private const double Negligible = 1.025;

    private readonly ChoiceTable _table;
    private readonly byte[][] _chosen;
    private readonly double[] _least;
    private readonly double _bucket;
    private readonly int _most;

    /// <summary>Computes the best choices of all groups of layers for all budgets.</summary>
    /// <param name="table">The errors and costs.</param>
    public BudgetProgram(ChoiceTable table)
    {
        _table = table;
        _bucket = Math.Max((table.Most - table.Least) / Buckets, double.Epsilon);
        _chosen = new byte[table.Groups.Count][];
        // The array 'best' holds, for each number of buckets above the least cost, the least error of the groups that were processed so far. The costs of all
        // groups are rounded up, so the largest budget has one bucket more for each group.
        _most = Buckets + table.Groups.Count;
        var best = new double[_most + 1];
        foreach (var (number, group) in table.Groups.Index())
        {
            var (next, chosen) = (new double[_most + 1], new byte[_most + 1]);
            Array.Fill(next, double.PositiveInfinity);
            foreach (var (position, choice) in group.Choices.Index())
            {
                var cost = Cost(group, choice);
                for (var bucket = cost; bucket <= _most; bucket++)
                {
                    var noise = best[bucket - cost] + choice.Noise;
                    if (noise < next[bucket])
                        (next[bucket], chosen[bucket]) = (noise, (byte)position);
                }
            }

            (best, _chosen[number]) = (next, chosen);
        }

        _least = best;
    }

    /// <summary>
    /// Returns the choices for a budget. Of those whose error is about the least within the budget, it returns the choices with the least cost.
    /// </summary>
    /// <param name="share">The budget: 0 for the least cost, 1 for the largest.</param>
    public LayerAllocation Within(double share)
    {
        var limit = share >= 1 ? _most : (int)(Math.Max(0, share) * Buckets);
        var bucket = Enumerable.Range(0, limit + 1).First(cost => _least[cost] <= _least[limit] * Negligible);
        var chosen = new Choice[_table.Groups.Count];
        for (var number = _table.Groups.Count - 1; number >= 0; number--)
        {
            var group = _table.Groups[number];
            chosen[number] = group.Choices[_chosen[number][bucket]];
            bucket -= Cost(group, chosen[number]);
        }

        return new LayerAllocation(
            [.. chosen.Zip(_table.Groups, (choice, group) => (choice.Code, group.Layers))],
            _table.FixedCost + chosen.Sum(choice => choice.Cost),
            chosen.Sum(choice => choice.Noise)
        );
    }

    // Returns the cost of a choice in buckets above the least cost of its group. It is rounded up, so that a result never exceeds its budget.
    private int Cost(ChoiceGroup group, Choice choice) => (int)Math.Ceiling((choice.Cost - group.Choices.Min(other => other.Cost)) / _bucket);
}
