using ModelBuild.Compression.Training.Blocked;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>
/// Divides a training graph into parts: the forward nodes of all segments but the last; the last segment with its gradients; and then the gradients of each
/// other segment, the last one first. Values that cross from segment to segment are kept in memory from part to part. The first segments are computed again
/// with their gradients. Of the other segments, all values that gradients read are kept.
/// </summary>
internal sealed class Division
{
    private readonly TrainingNodes _graph;
    private readonly int _recomputed;
    private readonly int _last;
    private readonly int[] _segments;
    private readonly HashSet<GraphValue> _kept = [];
    private readonly HashSet<GraphValue> _siteValues;
    private readonly List<TrainingPart> _parts = [];
    private readonly Dictionary<GraphValue, int> _computedBy = [];
    private readonly Dictionary<GraphValue, int> _readBy = [];
    private readonly IReadOnlySet<string> _bound;
    private long _constants;
    private long _peak;

    /// <summary>Divides a graph into segments with the given ends.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="bound">The outputs of the graph that have their own memory.</param>
    /// <param name="ends">The indices after the last forward node of each segment.</param>
    /// <param name="recomputed">The number of segments that are computed again.</param>
    public Division(TrainingNodes graph, IReadOnlySet<string> bound, int[] ends, int recomputed)
    {
        (_graph, _bound, _recomputed, _last) = (graph, bound, recomputed, ends.Length - 1);
        _siteValues = [.. graph.Sites.SelectMany(site => new[] { site.Input, site.Gradient })];
        _segments = new int[graph.Nodes.Count];
        for (var i = 0; i < graph.Nodes.Count; i++)
            _segments[i] = i < graph.ForwardCount ? Array.FindIndex(ends, end => i < end) : Latest(graph.Nodes[i]);
        Keep();
        if (_last > 0)
            AddPart([.. _kept.Union(graph.Outputs.Where(IsEarlyOutput))], []);
        for (var segment = _last; segment >= 0; segment--)
            AddGradients(segment);
        RecomputedWork = _parts.Sum(part => part.Nodes!.Sum(node => graph.Nodes[node].Work)) - graph.Nodes.Sum(node => node.Work);
        Buffers = new BufferPlan(_computedBy.Where(pair => !_bound.Contains(pair.Key.Name)).Select(Use));
    }

    /// <summary>The parts in the order in which they run.</summary>
    public IReadOnlyList<TrainingPart> Parts => _parts;

    /// <summary>The number of segments.</summary>
    public int Segments => _last + 1;

    /// <summary>The number of segments that are computed again.</summary>
    public int Recomputed => _recomputed;

    /// <summary>The multiply-adds and elements that are computed again.</summary>
    public double RecomputedWork { get; }

    /// <summary>The memory of the values between the parts.</summary>
    public BufferPlan Buffers { get; }

    /// <summary>The estimated memory in bytes: constants, the values between the parts, and the values inside of the largest part.</summary>
    public long Bytes => _constants + Buffers.Bytes + _peak;

    // Returns the earliest segment whose values a gradient node reads. The gradient node belongs to this segment, because it needs the gradients of later
    // segments, which are computed earlier.
    private int Latest(GraphNode node)
    {
        var segment = _last;
        foreach (var value in node.Reads)
            if (value.Producer >= _graph.ForwardCount || (value.Producer >= 0 && value.IsActivation && !Crosses(value)))
                segment = Math.Min(segment, _segments[value.Producer]);
        return segment;
    }

    private bool Crosses(GraphValue value) => value.Readers.Any(reader => reader < _graph.ForwardCount && _segments[reader] > _segments[value.Producer]);

    private void Keep()
    {
        for (var i = 0; i < _graph.ForwardCount && _segments[i] < _last; i++)
            foreach (var value in _graph.Nodes[i].Writes.Where(value => value.IsActivation))
                if (Crosses(value) || (_segments[i] >= _recomputed && IsReadByGradients(value)))
                    // The value that a view shares memory with is kept instead of the view, which is then computed again and takes no time.
                    if (value.Storage is { Producer: >= 0, IsActivation: true, HasSize: true } storage)
                        _kept.Add(storage);
                    else if (value.Storage.Producer >= 0 && value.HasSize)
                        _kept.Add(value);
    }

    private bool IsReadByGradients(GraphValue value) => value.Readers.Any(reader => reader >= _graph.ForwardCount) || _siteValues.Contains(value);

    private bool IsForward(GraphValue value) => value.Producer >= 0 && value.Producer < _graph.ForwardCount;

    // Returns whether a value is a term of the loss that does not depend on the last segment.
    private bool IsEarlyOutput(GraphValue value) => IsForward(value) && _segments[value.Producer] < _last && !_siteValues.Contains(value);

    private void AddGradients(int segment)
    {
        bool IsHere(GraphValue value) =>
            value.Producer < 0 ? segment == _last : _segments[value.Producer] == segment && (segment == _last || !IsForward(value));
        var sites = _graph.Sites.Where(site => IsHere(site.Gradient)).ToArray();
        var wanted = _graph.Outputs.Where(value => !_siteValues.Contains(value) && IsHere(value)).ToHashSet();
        wanted.UnionWith(sites.SelectMany(site => new[] { site.Input, site.Gradient }).Where(value => !IsGiven(value)));
        wanted.UnionWith(
            _graph
                .Nodes.SelectMany(node => node.Writes)
                .Where(value => IsGradient(value) && IsHere(value) && value.HasSize && value.Readers.Any(reader => _segments[reader] < segment))
        );
        if (wanted.Count == 0)
            return;
        foreach (var site in sites)
            (_readBy[site.Input], _readBy[site.Gradient]) = (_parts.Count, _parts.Count);
        AddPart(wanted, [.. sites.Select(site => site.Site)]);
    }

    private bool IsGradient(GraphValue value) => value.Producer >= _graph.ForwardCount;

    // Returns whether an earlier part has computed the value and its size is known, so that it can be kept.
    private bool IsGiven(GraphValue value) => value.HasSize && _computedBy.ContainsKey(value);

    // Adds a part to the division, with all nodes that the wanted values depend on, back to values that earlier parts have computed.
    private void AddPart(HashSet<GraphValue> wanted, ConvWeightSite[] sites)
    {
        var (nodes, given, constants) = (new HashSet<int>(), new HashSet<GraphValue>(), new HashSet<GraphValue>());
        var stack = new Stack<GraphValue>(wanted);
        while (stack.TryPop(out var value))
            if (IsGiven(value))
                given.Add(value);
            else if (value.IsConstant)
                constants.Add(value);
            else if (value.Producer >= 0 && nodes.Add(value.Producer))
                foreach (var read in _graph.Nodes[value.Producer].Reads)
                    stack.Push(read);
        foreach (var value in given)
            _readBy[value] = _parts.Count;
        foreach (var value in wanted)
            _computedBy.TryAdd(value, _parts.Count);
        _constants += constants.Sum(value => value.Bytes);
        _peak = Math.Max(_peak, LiveMemory.Peak(_graph, nodes, given, wanted));
        _parts.Add(new TrainingPart(nodes, [.. given], [.. wanted.Select(value => value.Name)], sites));
    }

    private BufferUse Use(KeyValuePair<GraphValue, int> pair) =>
        new(pair.Key.Name, pair.Key.Type!, pair.Value, _readBy.GetValueOrDefault(pair.Key, pair.Value));
}
