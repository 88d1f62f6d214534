namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// Computes the minimum cut of a network (Dinic 1970; the maximum flow equals the minimum cut). Capacities are integers, so that the result is the same on
/// every machine. If there are several minimum cuts, the result has the fewest vertices on the source's side.
/// </summary>
internal sealed class MinimumCut
{
    /// <summary>The capacity of an edge that a minimum cut does not contain.</summary>
    public const long Forbidden = long.MaxValue / 4;

    /// <summary>The number of the source vertex.</summary>
    public const int Source = 0;

    /// <summary>The number of the sink vertex.</summary>
    public const int Sink = 1;

    private readonly List<List<int>> _edgesOf =
    [
        [],
        [],
    ];
    private readonly List<int> _to = [];
    private readonly List<long> _rest = [];

    /// <summary>The cost of the minimum cut; 0 before it is computed.</summary>
    public long Cost { get; private set; }

    /// <summary>Adds a vertex to the network, and returns its number.</summary>
    public int AddVertex()
    {
        _edgesOf.Add([]);
        return _edgesOf.Count - 1;
    }

    /// <summary>Adds an edge: the cost of having <paramref name="from"/> on the source's side and <paramref name="to"/> on the other.</summary>
    public void AddCost(int from, int to, long cost)
    {
        Add(from, to, Math.Min(cost, Forbidden));
        Add(to, from, 0);
    }

    /// <summary>Computes the minimum cut. Returns for each vertex whether it is on the source's side.</summary>
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

    // Pushes flow along one path of increasing levels. The code is a loop and not a recursion, because paths are as long as models are deep.
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
