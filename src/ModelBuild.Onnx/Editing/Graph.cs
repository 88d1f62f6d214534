namespace ModelBuild.Onnx;

/// <summary>
/// Represents one scope of a model, the main graph or a subgraph of If, Loop or Scan, with indexes of the producers and consumers of its values. Edit the
/// graph through this class, because the indexes do not include direct changes of the protobuf messages. Use one main <see cref="Graph"/> of a model at a
/// time.
/// </summary>
/// <remarks>
/// A document that defines a name twice is not valid ONNX. It is accepted, and the first definition is used. Attribute values that are not graphs may be
/// changed directly.
/// </remarks>
internal sealed partial class Graph
{
    private readonly GraphNames _names;
    private readonly Dictionary<string, ValueDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueInfoProto> _infos = new(StringComparer.Ordinal);

    // The uses of each value, and the graphs with an output of its name. Both dictionaries include the entries of all nested scopes, so that captured values
    // are found without a search. Whether a nested use refers to a value of its own scope is determined by ResolvesTo at each query.
    private readonly Dictionary<string, List<ValueUse>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Graph>> _outputs = new(StringComparer.Ordinal);

    // Nodes are looked up by reference, because protobuf messages are otherwise compared by content.
    private readonly Dictionary<NodeProto, List<Graph>> _inner = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NodeProto> _members = new(ReferenceEqualityComparer.Instance);

    /// <summary>Initializes an instance for the main graph of a model and its subgraphs.</summary>
    /// <exception cref="OnnxException">The model has no graph.</exception>
    public Graph(OnnxModel model)
        : this(
            model ?? throw new ArgumentNullException(nameof(model)),
            model.Proto.Graph ?? throw new OnnxException(OnnxFault.NoGraph, "the document has no graph", model.Path),
            new GraphNames(model.Proto),
            null,
            null
        ) { }

    private Graph(OnnxModel model, GraphProto proto, GraphNames names, Graph? parent, NodeProto? owner)
    {
        (Model, Proto, Parent, Owner, _names) = (model, proto, parent, owner, names);
        foreach (var input in proto.Input)
            Define(input.Name).IsInput = true;
        foreach (var tensor in proto.Initializer)
            Define(tensor.Name).Initializer ??= tensor;
        foreach (var sparse in proto.SparseInitializer)
            Define(sparse.Values?.Name ?? "").IsSparse = true;
        foreach (var output in proto.Output)
        {
            names.Add(output.Name);
            for (var scope = this; scope is not null; scope = scope.Parent)
                ListOf(scope._outputs, output.Name).Add(this);
        }

        ReadInfos();
        foreach (var node in proto.Node)
            AddToIndex(node);
    }

    /// <summary>Gets the model that contains the graph.</summary>
    public OnnxModel Model { get; }

    /// <summary>Gets the protobuf message of the graph.</summary>
    public GraphProto Proto { get; }

    /// <summary>Gets the enclosing scope; null for the main graph.</summary>
    public Graph? Parent { get; }

    /// <summary>Gets the node in the enclosing scope that has the graph as an attribute; null for the main graph.</summary>
    public NodeProto? Owner { get; }

    /// <summary>Gets the nodes in the order of the document. The list is a live view: copy it before editing the graph in a loop.</summary>
    public IReadOnlyList<NodeProto> Nodes => Proto.Node;

    /// <summary>Returns this scope and then the nested scopes, depth-first in the order of the nodes.</summary>
    public IEnumerable<Graph> SelfAndSubgraphs()
    {
        yield return this;
        foreach (var node in Proto.Node.ToArray())
        foreach (var inner in Subgraphs(node).ToArray())
        foreach (var graph in inner.SelfAndSubgraphs())
            yield return graph;
    }

    /// <summary>Returns the subgraphs of a node of this scope in the order of its attributes.</summary>
    public IReadOnlyList<Graph> Subgraphs(NodeProto node) => _inner.TryGetValue(node, out var inner) ? inner : [];

    /// <summary>Determines whether the node object is in this scope.</summary>
    public bool Contains(NodeProto node) => _members.Contains(node);

    /// <summary>Returns the node that computes the value, in this or an enclosing scope; null for inputs, initializers and unknown names.</summary>
    public NodeProto? Producer(string value) => ScopeOf(value)?._definitions[value].Producer;

    /// <summary>
    /// Returns the scope, this or an enclosing one, that defines the value as a node output, initializer or graph input; null when no scope defines it.
    /// </summary>
    public Graph? ScopeOf(string value)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
            if (scope._definitions.ContainsKey(value))
                return scope;
        return null;
    }

    /// <summary>
    /// Returns the node inputs that read the value, in this scope and in its subgraphs. Uses in a subgraph that defines the same name are not included. The
    /// result does not change with later edits.
    /// </summary>
    public IReadOnlyList<ValueUse> Consumers(string value)
    {
        if (!_uses.TryGetValue(value, out var uses))
            return [];
        return _inner.Count == 0 ? uses.ToArray() : uses.Where(use => use.Graph.ResolvesTo(value, this)).ToArray();
    }

    /// <summary>Determines whether the value is an input of this scope's graph.</summary>
    public bool IsInput(string value) => _definitions.TryGetValue(value, out var definition) && definition.IsInput;

    /// <summary>Determines whether the value is an output of this scope's graph.</summary>
    public bool IsOutput(string value) => _outputs.TryGetValue(value, out var graphs) && graphs.Contains(this);

    /// <summary>Determines whether the value is an output of this scope's graph, or captured as an output of a subgraph.</summary>
    public bool IsOutputAnywhere(string value) => _outputs.TryGetValue(value, out var graphs) && graphs.Exists(graph => graph.ResolvesTo(value, this));

    /// <summary>
    /// Returns the declared type of a value: that of an input, an output, <c>value_info</c> or an initializer; null when the document declares none.
    /// </summary>
    public TypeProto? TypeOf(string value)
    {
        var scope = ScopeOf(value) ?? this;
        return scope._infos.GetValueOrDefault(value)?.Type ?? (scope._definitions.GetValueOrDefault(value)?.Initializer is { } tensor ? TypeOf(tensor) : null);
    }

    /// <summary>Returns a name that no value and no node of the document has, which is the hint itself if possible, and reserves it.</summary>
    public string FreshName(string hint) => _names.Fresh(hint);

    /// <summary>
    /// Determines whether a name in this scope, which is <paramref name="outer"/> or nested in it, refers to the value of <paramref name="outer"/>.
    /// </summary>
    private bool ResolvesTo(string value, Graph outer)
    {
        for (var scope = this; !ReferenceEquals(scope, outer); scope = scope.Parent!)
            if (scope._definitions.ContainsKey(value))
                return false;
        return true;
    }

    private static TypeProto TypeOf(TensorProto tensor)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in tensor.Dims)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dim });
        return new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor { ElemType = tensor.DataType, Shape = shape },
        };
    }
}
