namespace ModelBuild.Onnx;

/// <summary>
/// One scope of a model, the main graph or a subgraph of If, Loop or Scan, with indexes of who defines and who reads a value.
/// Edit through this class: the indexes do not see changes made to the protobuf messages directly.
/// Work with one main <see cref="Graph"/> for a model at a time.
/// </summary>
/// <remarks>
/// A document that defines a name twice is not valid ONNX, but does no harm here: the first node counts.
/// Attribute values that are no graphs may be changed directly.
/// </remarks>
public sealed partial class Graph
{
    private readonly GraphNames _names;
    private readonly Dictionary<string, ValueDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueInfoProto> _infos = new(StringComparer.Ordinal);

    // Both with those of all scopes inside, so that a captured value needs no search. Whether a use inside means a value of its own scope is decided on asking.
    private readonly Dictionary<string, List<ValueUse>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Graph>> _outputs = new(StringComparer.Ordinal);

    // Messages compare and hash by content, so nodes are looked up by reference.
    private readonly Dictionary<NodeProto, List<Graph>> _inner = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NodeProto> _members = new(ReferenceEqualityComparer.Instance);

    /// <summary>The main graph of a model, and inside it all subgraphs.</summary>
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
            Index(node);
    }

    /// <summary>The model that the graph is in.</summary>
    public OnnxModel Model { get; }

    /// <summary>The graph's message.</summary>
    public GraphProto Proto { get; }

    /// <summary>The enclosing scope; null for the main graph.</summary>
    public Graph? Parent { get; }

    /// <summary>The node in the enclosing scope whose attribute the graph is; null for the main graph.</summary>
    public NodeProto? Owner { get; }

    /// <summary>The nodes in the document's order. A live view: copy it to edit while walking.</summary>
    public IReadOnlyList<NodeProto> Nodes => Proto.Node;

    /// <summary>This scope, then the nested ones depth-first in node order.</summary>
    public IEnumerable<Graph> SelfAndSubgraphs()
    {
        yield return this;
        foreach (var node in Proto.Node.ToArray())
        foreach (var inner in Subgraphs(node).ToArray())
        foreach (var graph in inner.SelfAndSubgraphs())
            yield return graph;
    }

    /// <summary>The scopes that are attributes of a node of this scope, in attribute order.</summary>
    public IReadOnlyList<Graph> Subgraphs(NodeProto node) => _inner.TryGetValue(node, out var inner) ? inner : [];

    /// <summary>Whether the node object is in this scope.</summary>
    public bool Contains(NodeProto node) => _members.Contains(node);

    /// <summary>The node that gives the value, here or in an enclosing scope; null for inputs, initializers and unknown names.</summary>
    public NodeProto? Producer(string value) => ScopeOf(value)?._definitions[value].Producer;

    /// <summary>The scope, this or an enclosing one, that defines the value as node output, initializer or graph input; null when none does.</summary>
    public Graph? ScopeOf(string value)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
            if (scope._definitions.ContainsKey(value))
                return scope;
        return null;
    }

    /// <summary>
    /// The node inputs that read the value, in this scope and, captured, in its subgraphs. Where a subgraph defines the same name, its uses are its own.
    /// A snapshot: later edits do not change it.
    /// </summary>
    public IReadOnlyList<ValueUse> Consumers(string value)
    {
        if (!_uses.TryGetValue(value, out var uses))
            return [];
        return _inner.Count == 0 ? uses.ToArray() : uses.Where(use => use.Graph.Sees(value, this)).ToArray();
    }

    /// <summary>Whether the value is an input of this scope's graph.</summary>
    public bool IsInput(string value) => _definitions.TryGetValue(value, out var definition) && definition.IsInput;

    /// <summary>Whether the value is an output of this scope's graph.</summary>
    public bool IsOutput(string value) => _outputs.TryGetValue(value, out var graphs) && graphs.Contains(this);

    /// <summary>Whether the value is an output of this scope's graph, or captured as an output of a subgraph.</summary>
    public bool IsOutputAnywhere(string value) => _outputs.TryGetValue(value, out var graphs) && graphs.Exists(graph => graph.Sees(value, this));

    /// <summary>The type that the document gives for a value: of an input, output, <c>value_info</c>, or initializer; null when it says nothing.</summary>
    public TypeProto? TypeOf(string value)
    {
        var scope = ScopeOf(value) ?? this;
        return scope._infos.GetValueOrDefault(value)?.Type ?? (scope._definitions.GetValueOrDefault(value)?.Initializer is { } tensor ? TypeOf(tensor) : null);
    }

    /// <summary>A name that nothing in the document has, value or node; the hint itself when it is free. It counts as taken afterwards.</summary>
    public string FreshName(string hint) => _names.Fresh(hint);

    /// <summary>Whether this scope, at or inside <paramref name="outer"/>, means the value that <paramref name="outer"/> means by the name.</summary>
    private bool Sees(string value, Graph outer)
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
