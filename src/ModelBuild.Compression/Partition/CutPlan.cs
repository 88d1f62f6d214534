namespace ModelBuild.Compression.Partition;

/// <summary>
/// Chooses where to cut an order of nodes, by dynamic programming over the allowed positions. The cost of a stage is its work plus a price for the bytes that
/// it receives. The first search minimizes the largest stage. The second one minimizes the crossing bytes among cuts whose stages are at most slightly
/// larger.
/// </summary>
internal sealed class CutPlan
{
    // The cost of one crossing byte in multiply-adds: about as many as a CPU core computes while it reads one byte from memory.
    private const double BytePrice = 10;

    // The factor by which the cost of the largest stage, its work and its incoming bytes, may grow so that fewer bytes cross between stages.
    private const double Slack = 1.05;

    private readonly double[] _workBefore;
    private readonly IReadOnlyList<double> _bytes;
    private readonly int[] _places;

    /// <param name="work">The work of each node, in the given order.</param>
    /// <param name="bytes">The bytes that cross before each node.</param>
    /// <param name="places">The allowed positions of cuts, ascending.</param>
    public CutPlan(IReadOnlyList<double> work, IReadOnlyList<double> bytes, IEnumerable<int> places)
    {
        _workBefore = [0, .. work];
        for (var i = 1; i < _workBefore.Length; i++)
            _workBefore[i] += _workBefore[i - 1];
        _bytes = bytes;
        _places = [0, .. places, work.Count];
    }

    /// <summary>
    /// Returns the cuts for a number of stages and the cost of the largest stage, which is its work and the price of its incoming bytes; null when there are
    /// not enough positions.
    /// </summary>
    /// <param name="stages">The number of stages, at least 2.</param>
    public (int[] Cuts, double Largest)? Find(int stages)
    {
        if (_places.Length < stages + 1)
            return null;
        var best = Search(stages, double.PositiveInfinity, (before, stage, _) => Math.Max(before, stage)).Value;
        var (_, cuts) = Search(stages, best * Slack, (before, _, bytes) => before + bytes);
        return (cuts, best);
    }

    private double Stage(int from, int to) => _workBefore[_places[to]] - _workBefore[_places[from]] + (from == 0 ? 0 : BytePrice * _bytes[_places[from]]);

    // Finds the cuts with the least sum or maximum over the stages, where no stage may exceed the limit. The earliest of equally good cuts is chosen.
    private (double Value, int[] Cuts) Search(int stages, double limit, Func<double, double, double, double> join)
    {
        var last = _places.Length - 1;
        var value = new double[stages + 1, last + 1];
        var from = new int[stages + 1, last + 1];
        for (var count = 0; count <= stages; count++)
        for (var to = 0; to <= last; to++)
        {
            value[count, to] = count == 0 && to == 0 ? 0 : double.PositiveInfinity;
            for (var start = count - 1; count > 0 && start < to; start++)
            {
                var stage = Stage(start, to);
                if (stage > limit || double.IsPositiveInfinity(value[count - 1, start]))
                    continue;
                var joined = join(value[count - 1, start], stage, start == 0 ? 0 : _bytes[_places[start]]);
                if (joined < value[count, to])
                    (value[count, to], from[count, to]) = (joined, start);
            }
        }

        var cuts = new int[stages - 1];
        for (int count = stages, to = last; count > 1; count--)
        {
            to = from[count, to];
            cuts[count - 2] = _places[to];
        }

        return (value[stages, last], cuts);
    }
}
