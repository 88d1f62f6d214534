namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Parts a network in two at the least cost (Dinic 1970; max-flow equals min-cut). Whole-number capacities, so that the answer is the same on every machine; of several least cuts
/// it is the one with the fewest vertices on the source's side.
/// </summary>
internal sealed class MinimumCut
{
    /// <summary>A capacity that no cut pays.</summary>
    public const long Forbidden = long.MaxValue / 4;

    /// <summary>The vertex whose side is asked for.</summary>
    public const int Source = 0;

    /// <summary>The vertex on the other side.</summary>
    public const int Sink = 1;

    private readonly List<List<int>> _edgesOf =
    [
        [],
        [],
    ];
    private readonly List<int> _to = [];
    private readonly List<long> _rest = [];

    /// <summary>What the least cut costs, once it is found.</summary>
    public long Cost { get; private set; }

    /// <summary>Adds a vertex.</summary>
    public int AddVertex()
    {
        _edgesOf.Add([]);
        return _edgesOf.Count - 1;
    }

    /// <summary>Adds what it costs to have <paramref name="from"/> on the source's side and <paramref name="to"/> on the other.</summary>
    public void AddCost(int from, int to, long cost)
    {
        Add(from, to, Math.Min(cost, Forbidden));
        Add(to, from, 0);
    }

    /// <summary>For each vertex, whether it is on the source's side.</summary>
    public bool[] Solve()
    {
        while (Levels() is var levels && levels[Sink] >= 0)
        {
            var next = new int[_edgesOf.Count];
            while (Push(levels, next)) { }
        }

        return [.. Levels().Select(level => level >= 0)];
    }

    private void Add(int from, int to, long capacity)
    {
        _edgesOf[from].Add(_to.Count);
        _to.Add(to);
        _rest.Add(capacity);
    }

    private int[] Levels()
    {
        var levels = new int[_edgesOf.Count];
        Array.Fill(levels, -1);
        levels[Source] = 0;
        var queue = new Queue<int>([Source]);
        while (queue.TryDequeue(out var vertex))
            foreach (var edge in _edgesOf[vertex])
                if (_rest[edge] > 0 && levels[_to[edge]] < 0)
                {
                    levels[_to[edge]] = levels[vertex] + 1;
                    queue.Enqueue(_to[edge]);
                }

        return levels;
    }

    // One path along rising levels; a loop rather than a recursion, because networks are as deep as models.
    private bool Push(int[] levels, int[] next)
    {
        var path = new Stack<int>();
        var vertex = Source;
        while (vertex != Sink)
        {
            if (Advance(vertex, levels, next) is { } edge)
            {
                path.Push(edge);
                vertex = _to[edge];
            }
            else if (path.TryPop(out var back))
            {
                vertex = _to[back ^ 1];
                next[vertex]++;
            }
            else
            {
                return false;
            }
        }

        var flow = path.Min(edge => _rest[edge]);
        Cost += flow;
        foreach (var edge in path)
        {
            _rest[edge] -= flow;
            _rest[edge ^ 1] += flow;
        }

        return true;
    }

    private int? Advance(int vertex, int[] levels, int[] next)
    {
        for (; next[vertex] < _edgesOf[vertex].Count; next[vertex]++)
        {
            var edge = _edgesOf[vertex][next[vertex]];
            if (_rest[edge] > 0 && levels[_to[edge]] == levels[vertex] + 1)
                return edge;
        }

        return null;
    }
}
