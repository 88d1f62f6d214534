namespace ModelBuild.Onnx;

/// <summary>
/// Expands one call of a function: copies the nodes of its body with the values and attributes of the caller, under names that are unique in the model.
/// </summary>
internal sealed class FunctionCall
{
    private readonly FunctionInlining _inlining;
    private readonly FunctionProto _function;
    private readonly NodeProto _call;
    private readonly string _prefix;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<NodeProto> _copies = [];

    public FunctionCall(FunctionInlining inlining, FunctionProto function, NodeProto call)
    {
        (_inlining, _function, _call) = (inlining, function, call);
        _prefix = call.Name.Length > 0 ? call.Name : call.OpType;
        // An optional input of the function that the caller leaves out is also left out in the copies of the function's nodes.
        for (var i = 0; i < function.Input.Count; i++)
            _names[function.Input[i]] = call.InputAt(i);
    }

    /// <summary>Returns the nodes that replace the call, in the order of the body.</summary>
    public IReadOnlyList<NodeProto> Body()
    {
        for (var i = 0; i < _function.Output.Count; i++)
            if (Result(i) is { Length: > 0 } result && !_names.TryAdd(_function.Output[i], result))
                _copies.Add(Nodes.Create("Identity", [_function.Output[i]], [result]));
        NodeProto[] forwarded = [.. _copies];
        _copies.Clear();
        foreach (var node in _function.Node)
        {
            if (_inlining.SharedConstant(_function, node) is { } constant)
            {
                _names[node.Output[0]] = constant;
                continue;
            }

            foreach (var output in node.Output.Where(output => output.Length > 0))
                _names.TryAdd(output, Fresh(output));
            _copies.Add(Copy(node, _names));
        }

        // An output of the call that equals an input of the function or another output is computed by an Identity node.
        foreach (var identity in forwarded)
            identity.Input[0] = Renamed(identity.Input[0], _names);
        return [.. _copies, .. forwarded.Where(identity => identity.Input[0].Length > 0)];
    }

    private string Result(int index) => index < _call.Output.Count ? _call.Output[index] : "";

    private string Fresh(string name) => _inlining.FreshName($"{_prefix}/{name}");

    private static string Renamed(string name, Dictionary<string, string> names) => names.GetValueOrDefault(name, name);

    private NodeProto Copy(NodeProto node, Dictionary<string, string> names)
    {
        var copy = node.Clone();
        if (copy.Name.Length > 0)
            copy.Name = Fresh(copy.Name);
        for (var i = 0; i < copy.Input.Count; i++)
            copy.Input[i] = Renamed(copy.Input[i], names);
        for (var i = 0; i < copy.Output.Count; i++)
            copy.Output[i] = Renamed(copy.Output[i], names);
        copy.Attribute.Clear();
        copy.Attribute.AddRange(node.Attribute.Select(attribute => Copy(attribute, names)).OfType<AttributeProto>());
        return copy;
    }

    // Resolves an attribute that refers to an attribute of the function: the value is that of the caller or the default of the function; null when there is
    // neither.
    private AttributeProto? Copy(AttributeProto attribute, Dictionary<string, string> names)
    {
        if (attribute.RefAttrName.Length == 0)
            return WithGraphs(attribute.Clone(), names);
        var given = _call.Attribute(attribute.RefAttrName) ?? _function.AttributeProto.FirstOrDefault(other => other.Name == attribute.RefAttrName);
        if (given is null)
            return null;
        var copy = given.Clone();
        copy.Name = attribute.Name;
        // A graph from the caller captures the values of the caller under their original names.
        return WithGraphs(copy, new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private AttributeProto WithGraphs(AttributeProto attribute, Dictionary<string, string> names)
    {
        if (attribute.G is not null)
            Rename(attribute.G, names);
        foreach (var graph in attribute.Graphs)
            Rename(graph, names);
        return attribute;
    }

    private void Rename(GraphProto graph, Dictionary<string, string> outer)
    {
        var names = new Dictionary<string, string>(outer, StringComparer.Ordinal);
        var own = graph
            .Input.Select(input => input.Name)
            .Concat(graph.Initializer.Concat(graph.SparseInitializer.Select(sparse => sparse.Values)).Select(tensor => tensor.Name))
            .Concat(graph.Node.SelectMany(node => node.Output));
        foreach (var name in own.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal))
            names[name] = Fresh(name);
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            value.Name = Renamed(value.Name, names);
        foreach (var tensor in graph.Initializer.Concat(graph.SparseInitializer.Select(sparse => sparse.Values)))
            tensor.Name = Renamed(tensor.Name, names);
        graph.QuantizationAnnotation.Clear();
        NodeProto[] nodes = [.. graph.Node.Select(node => Copy(node, names))];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }
}
