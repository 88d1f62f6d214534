using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Operators;

namespace ModelBuild.Compression.Reports;

/// <summary>The report of one pass: the numbers of changes, and the skipped elements with the reasons.</summary>
internal sealed class PassReport
{
    private readonly SortedDictionary<string, int> _changes = new(StringComparer.Ordinal);
    private readonly List<Skipped> _skipped = [];
    private readonly List<NodeOutcome> _nodes = [];
    private readonly Dictionary<string, NodeForm> _forms = new(StringComparer.Ordinal);
    private readonly List<TrialOutcome> _trials = [];
    private readonly List<LayerRank> _ranking = [];
    private readonly List<Warning> _warnings = [];

    /// <summary>The number of changes of each kind, such as "constants folded".</summary>
    public IReadOnlyDictionary<string, int> Changes => _changes;

    /// <summary>The elements that were skipped, with the reasons.</summary>
    public IReadOnlyList<Skipped> Skipped => _skipped;

    /// <summary>The outcome of each node, if the step decides for each node.</summary>
    public IReadOnlyList<NodeOutcome> Nodes => _nodes;

    /// <summary>The alternatives that the step compared, in the order of the trials.</summary>
    public IReadOnlyList<TrialOutcome> Trials => _trials;

    /// <summary>The gain of restoring each layer to float, the largest first; empty unless the budget required it.</summary>
    public IReadOnlyList<LayerRank> Ranking => _ranking;

    /// <summary>The warnings that users must know before they use the result.</summary>
    public IReadOnlyList<Warning> Warnings => _warnings;

    /// <summary>The facts about the training of the step; null if it does not train.</summary>
    public TrainingReport? Training { get; private set; }

    internal void Trained(TrainingReport training) => Training = training;

    internal void Warn(string code, string text) => _warnings.Add(new Warning(code, text));

    internal void Rank(IEnumerable<LayerRank> layers) => _ranking.AddRange(layers);

    internal void Node(NodeOutcome outcome) => _nodes.Add(outcome);

    /// <summary>The forms that the step gave nodes, by the names of the nodes. An earlier step may have reported these nodes as float.</summary>
    internal IReadOnlyDictionary<string, NodeForm> Forms => _forms;

    /// <summary>Records the form that the step gave nodes, and updates those nodes that this report lists as float.</summary>
    internal void Reform(IEnumerable<string> nodes, NodeForm form)
    {
        var names = nodes.Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
            _forms.TryAdd(name, form);
        for (var i = 0; i < _nodes.Count; i++)
            if (_nodes[i].Form == NodeForm.Float && names.Contains(_nodes[i].Name))
                _nodes[i] = _nodes[i] with { Form = form };
    }

    internal void Tried(TrialOutcome trial) => _trials.Add(trial);

    /// <summary>Adds the content of another report, such as that of the alternative that was kept.</summary>
    /// <param name="other">The other report.</param>
    /// <param name="step">The step of the other report, if it differs from the step of this report.</param>
    internal void Include(PassReport other, string? step = null)
    {
        foreach (var (kind, count) in other._changes)
            Changed(kind, count);
        _skipped.AddRange(step is null ? other._skipped : other._skipped.Select(left => left with { Why = $"{step}: {left.Why}" }));
        _nodes.AddRange(other._nodes);
        foreach (var (node, form) in other._forms)
            _forms.TryAdd(node, form);
        _trials.AddRange(other._trials);
        _warnings.AddRange(other._warnings);
    }

    internal void Changed(string kind, int count = 1)
    {
        if (count != 0)
            _changes[kind] = _changes.GetValueOrDefault(kind) + count;
    }

    internal void Leave(string what, Refusal why) => Leave(what, why.Text);

    internal void Leave(string what, string why) => _skipped.Add(new Skipped(what, why));
}
