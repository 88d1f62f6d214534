namespace ModelBuild.Onnx;

/// <summary>
/// Replaces the nodes that call local functions of a model by the bodies of the functions, in the main graph, in subgraphs and in other functions (ONNX IR,
/// "Functions"). Afterwards the model has only standard operators.
/// </summary>
internal sealed class FunctionInlining
{
    // The largest number of nodes after functions are replaced by their bodies. The limit exists because nested functions can grow exponentially.
    private const int MaxNodes = 1 << 22;

    private readonly OnnxModel _model;
    private readonly Graph _main;
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];

    // The dictionaries compare their keys by reference, because protobuf messages are otherwise compared by content.
    private readonly Dictionary<NodeProto, string> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FunctionProto, long> _sizes = new(ReferenceEqualityComparer.Instance);

    private FunctionInlining(OnnxModel model, Predicate<FunctionProto> isOperator)
    {
        _model = model;
        _main = new Graph(model);
        foreach (var function in model.Proto.Functions.Where(function => !isOperator(function)))
            _functions.TryAdd((Domains.Normalize(function.Domain), function.Name, function.Overload), function);
    }

    /// <summary>Inlines all functions of a model. The inputs and outputs of the model do not change.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isOperator">Determines whether the runtime has an operator with the name of a function; calls of such a function stay.</param>
    /// <exception cref="OnnxException">A function calls itself, or the functions expand to too many nodes.</exception>
    public static void Apply(OnnxModel model, Predicate<FunctionProto> isOperator)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(isOperator);
        if (model.Proto.Functions.Count == 0)
            return;
        var inlining = new FunctionInlining(model, isOperator);
        if (inlining.Size(model.Proto.Graph.Node, []) > MaxNodes)
            throw new OnnxException(
                OnnxFault.TooLarge,
                FormattableString.Invariant($"the functions of the model expand to more than {MaxNodes:N0} nodes"),
                model.Path
            );
        inlining.Expand(model.Proto.Graph);
        inlining.RemoveFunctions();
    }

    /// <summary>
    /// Moves a large constant in the body of a function to an initializer of the main graph, which all calls share, and returns its name; null when the
    /// constant stays in the body.
    /// </summary>
    internal string? SharedConstant(FunctionProto function, NodeProto node)
    {
        const int MinElements = 256;
        if (
            !node.Is("Constant")
            || node.Attribute is not [{ Name: "value", RefAttrName: "", T: { } tensor }]
            || tensor.ElementCount() < MinElements
            || function.Output.Contains(node.Output[0])
        )
            return null;
        if (_constants.TryGetValue(node, out var known))
            return known;
        var name = FreshName($"{function.Name}/{node.Output[0]}");
        _model.Proto.Graph.Initializer.Add(tensor.WithName(name));
        return _constants[node] = name;
    }

    /// <summary>Returns a name that is unique in the model.</summary>
    internal string FreshName(string hint) => _main.FreshName(hint);

    private FunctionProto? Called(NodeProto node) => _functions.GetValueOrDefault((Domains.Normalize(node.Domain), node.OpType, node.Overload));

    private static IEnumerable<GraphProto> Subgraphs(NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G));

    // Returns the number of nodes after all calls of functions are replaced by bodies. The nodes are counted before any node is created.
    private long Size(IEnumerable<NodeProto> nodes, FunctionProto[] callers) =>
        nodes.Aggregate(0L, (sum, node) => Math.Min(MaxNodes + 1L, sum + Size(node, callers)));

    private long Size(NodeProto node, FunctionProto[] callers)
    {
        if (Called(node) is not { } function)
            return 1 + Subgraphs(node).Sum(graph => Size(graph.Node, callers));
        if (callers.Any(caller => ReferenceEquals(caller, function)))
            throw new OnnxException(OnnxFault.Cycle, $"the function '{Text.Short(function.Name)}' calls itself", _model.Path);
        return _sizes.TryGetValue(function, out var known) ? known : _sizes[function] = Size(function.Node, [.. callers, function]);
    }

    private void Expand(GraphProto graph)
    {
        NodeProto[] nodes = [.. graph.Node.SelectMany(Expand)];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private IEnumerable<NodeProto> Expand(NodeProto node)
    {
        if (Called(node) is not { } function)
        {
            foreach (var graph in Subgraphs(node))
                Expand(graph);
            return [node];
        }

        foreach (var import in function.OpsetImport)
            if (_model.Opset(import.Domain) == 0)
                _model.ImportOpset(import.Domain, import.Version);
        return new FunctionCall(this, function, node).Body().SelectMany(Expand);
    }

    private void RemoveFunctions()
    {
        var domains = _model
            .Proto.Functions.SelectMany(function => function.OpsetImport.Select(import => import.Domain).Append(function.Domain))
            .Select(Domains.Normalize)
            .ToHashSet(StringComparer.Ordinal);
        _model.Proto.Functions.Clear();
        domains.ExceptWith(new Graph(_model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Select(node => Domains.Normalize(node.Domain)));
        foreach (var import in _model.Proto.OpsetImport.Where(import => import.Domain.Length > 0 && domains.Contains(import.Domain)).ToArray())
            _model.Proto.OpsetImport.Remove(import);
    }
}
