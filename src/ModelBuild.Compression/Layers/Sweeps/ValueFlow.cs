using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The dependencies between the values of a main graph.</summary>
internal sealed class ValueFlow
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, int> _made = new(StringComparer.Ordinal);
    private readonly string[][] _reads;
    private readonly HashSet<string> _inputs;
    private readonly HashSet<string> _varying;

    public ValueFlow(GraphProto graph)
    {
        _graph = graph;
        var constants = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        _inputs = graph.Input.Select(input => input.Name).Where(name => !constants.Contains(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (i, node) in graph.Node.Index())
        foreach (var output in node.Output.Where(output => output.Length > 0))
            _made[output] = i;
        _reads = [.. graph.Node.Select(node => CapturedValues.WithInputs(node).Where(value => _made.ContainsKey(value) || _inputs.Contains(value)).ToArray())];
        _varying = [.. _inputs];
        foreach (var (i, node) in graph.Node.Index())
            if (_reads[i].Any(_varying.Contains))
                _varying.UnionWith(node.Output);
    }

    /// <summary>Returns the index in graph order of the first node that fulfils a condition, or the number of nodes when there is none.</summary>
    public int First(Func<NodeProto, bool> holds) =>
        _graph.Node.Index().Where(node => holds(node.Item)).Select(node => node.Index).FirstOrDefault(_graph.Node.Count);

    /// <summary>Returns the nodes, in graph order, that compute some values from given values.</summary>
    public NodeProto[] Between(IEnumerable<string> values, IReadOnlySet<string> given) =>
        [.. Behind(values, given.Contains).Order().Select(i => _graph.Node[i])];

    /// <summary>Returns the names of the model inputs and of given values that some nodes read.</summary>
    public IEnumerable<string> Reads(IEnumerable<NodeProto> nodes, IReadOnlySet<string> given) =>
        nodes
            .SelectMany(node => _reads[_made[node.Output.First(output => output.Length > 0)]])
            .Where(value => _inputs.Contains(value) || given.Contains(value))
            .Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Returns the values that depend on model inputs, are computed before a node, and are needed from this node on to compute some values. Requested values
    /// that are computed before the node are included.
    /// </summary>
    public string[] Live(IReadOnlyCollection<string> values, int place)
    {
        bool IsBefore(string value) => !_made.TryGetValue(value, out var made) || made < place;
        return
        [
            .. values
                .Concat(Behind(values, IsBefore).SelectMany(i => _reads[i]))
                .Where(value => IsBefore(value) && _varying.Contains(value) && !_inputs.Contains(value))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private HashSet<int> Behind(IEnumerable<string> values, Func<string, bool> isGiven)
    {
        var nodes = new HashSet<int>();
        var open = new Stack<string>(values);
        while (open.TryPop(out var value))
            if (!isGiven(value) && _made.TryGetValue(value, out var i) && nodes.Add(i))
                foreach (var read in _reads[i])
                    open.Push(read);
        return nodes;
    }
}
