namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>Divides the forward nodes of a training graph into segments whose values take about the same memory.</summary>
internal sealed class Segments
{
    // The part of a segment's memory by which its end may move to a position where few values cross.
    private const double Play = 0.3;

    private readonly long[] _computed;
    private readonly long[] _crossing;

    /// <summary>Reads the sizes of the values of a training graph.</summary>
    public Segments(TrainingNodes graph)
    {
        var changes = new long[graph.ForwardCount + 1];
        _computed = new long[graph.ForwardCount];
        for (var i = 0; i < graph.ForwardCount; i++)
            foreach (var value in graph.Nodes[i].Writes.Where(value => value.IsActivation && value.Storage == value))
            {
                _computed[i] += value.Bytes;
                changes[i] += value.Bytes;
                changes[value.Readers.LastOrDefault(reader => reader < graph.ForwardCount, i)] -= value.Bytes;
            }

        (_crossing, var (crossing, computed)) = (new long[graph.ForwardCount], (0L, 0L));
        for (var i = 0; i < graph.ForwardCount; i++)
        {
            _crossing[i] = crossing += changes[i];
            _computed[i] = computed += _computed[i];
        }
    }

    /// <summary>Divides the nodes into a number of segments. Returns the index after the last node of each.</summary>
    /// <param name="count">The number of segments. There are fewer if a segment would have no nodes.</param>
    public int[] Divide(int count)
    {
        var ends = new SortedSet<int> { _computed.Length };
        var size = (double)_computed[^1] / count;
        for (var k = 1; k < count; k++)
            if (Cut((k - Play) * size, (k + Play) * size) is { } end)
                ends.Add(end);
        return [.. ends];
    }

    // Returns the end of a segment that the fewest bytes cross, among the ends before which the number of computed bytes is in a range; null if there is none.
    private int? Cut(double from, double to)
    {
        int? best = null;
        for (var i = 0; i < _computed.Length - 1; i++)
            if (_computed[i] >= from && _computed[i] <= to && (best is null || _crossing[i] < _crossing[best.Value - 1]))
                best = i + 1;
        return best;
    }
}
