using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Reports;

/// <summary>What one pass did: counts of what it changed, and what it left alone with the reason.</summary>
public sealed class PassReport
{
    private readonly SortedDictionary<string, int> _changes = new(StringComparer.Ordinal);
    private readonly List<LeftAlone> _leftAlone = [];
    private readonly List<NodeOutcome> _nodes = [];
    private readonly List<TrialOutcome> _trials = [];
    private readonly List<LayerRank> _ranking = [];
    private readonly List<Warning> _warnings = [];

    /// <summary>How often each kind of change was made, such as "constants folded".</summary>
    public IReadOnlyDictionary<string, int> Changes => _changes;

    /// <summary>What could have been changed and was not, and why.</summary>
    public IReadOnlyList<LeftAlone> LeftAlone => _leftAlone;

    /// <summary>What became of each node, where the step decides node by node.</summary>
    public IReadOnlyList<NodeOutcome> Nodes => _nodes;

    /// <summary>The alternatives that the step compared, in the order in which it tried them.</summary>
    public IReadOnlyList<TrialOutcome> Trials => _trials;

    /// <summary>What returning each layer to float would give back, best first; empty unless the budget asked for it.</summary>
    public IReadOnlyList<LayerRank> Ranking => _ranking;

    /// <summary>What a person should know before using the result.</summary>
    public IReadOnlyList<Warning> Warnings => _warnings;

    internal void Warn(string code, string text) => _warnings.Add(new Warning(code, text));

    internal void Rank(IEnumerable<LayerRank> layers) => _ranking.AddRange(layers);

    internal void Node(NodeOutcome outcome) => _nodes.Add(outcome);

    /// <summary>Says of nodes that compute in float that a weight of theirs is stored in another type.</summary>
    internal void Stored(IEnumerable<string> nodes, string form)
    {
        var names = nodes.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < _nodes.Count; i++)
            if (_nodes[i].Became == NodeOutcome.Float && names.Contains(_nodes[i].Name))
                _nodes[i] = _nodes[i] with { Became = $"stored in {form}" };
    }

    internal void Tried(TrialOutcome trial) => _trials.Add(trial);

    /// <summary>Takes over what another report says: that of the alternative which was kept.</summary>
    /// <param name="other">The report.</param>
    /// <param name="step">The step whose report it is, where that is another step than this report's.</param>
    internal void Include(PassReport other, string? step = null)
    {
        foreach (var (kind, count) in other._changes)
            Changed(kind, count);
        _leftAlone.AddRange(step is null ? other._leftAlone : other._leftAlone.Select(left => left with { Why = $"{step}: {left.Why}" }));
        _nodes.AddRange(other._nodes);
        _trials.AddRange(other._trials);
        _warnings.AddRange(other._warnings);
    }

    internal void Changed(string kind, int count = 1)
    {
        if (count != 0)
            _changes[kind] = _changes.GetValueOrDefault(kind) + count;
    }

    internal void Leave(string what, string why) => _leftAlone.Add(new LeftAlone(what, why));
}
