namespace ModelBuild.Onnx;

/// <summary>Collects all names of a document and generates new ones.</summary>
internal sealed class GraphNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    public GraphNames(ModelProto model)
    {
        // The names in the bodies of functions are collected too. The bodies are separate scopes, but runtimes inline them.
        foreach (var function in model.Functions)
        {
            _names.UnionWith(function.Input);
            _names.UnionWith(function.Output);
            foreach (var node in function.Node)
                AddWithSubgraphs(node);
        }
    }

    public void Add(string name) => _names.Add(name);

    public void Add(NodeProto node)
    {
        _names.Add(node.Name);
        _names.UnionWith(node.Input);
        _names.UnionWith(node.Output);
    }

    private void AddWithSubgraphs(NodeProto node)
    {
        Add(node);
        foreach (var attribute in node.Attribute)
        foreach (var graph in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
        {
            _names.UnionWith(graph.Input.Concat(graph.Output).Select(static info => info.Name));
            _names.UnionWith(graph.Initializer.Select(static tensor => tensor.Name));
            foreach (var inner in graph.Node)
                AddWithSubgraphs(inner);
        }
    }

    /// <summary>Returns the hint itself if no value has the name, or the hint with a number, and reserves the name.</summary>
    public string Fresh(string hint)
    {
        if (hint.Length == 0)
            hint = "value";
        if (_names.Add(hint))
            return hint;
        var number = _next.GetValueOrDefault(hint);
        string name;
        do name = FormattableString.Invariant($"{hint}_{++number}");
        while (!_names.Add(name));
        _next[hint] = number;
        return name;
    }
}
