using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Blocked;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>The nodes of a training graph with the sizes of their values. The forward nodes come first, and then the nodes that compute gradients.</summary>
internal sealed class TrainingNodes
{
    // The operators whose results ONNX Runtime computes in the memory of their first input.
    private static readonly HashSet<string> Views = new(["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"], StringComparer.Ordinal);

    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the nodes and values of a training graph.</summary>
    /// <param name="graph">The graph, whose nodes are in topological order.</param>
    /// <param name="types">The types and shapes of its inputs and of all node outputs.</param>
    /// <param name="parameters">The names of the inputs that are parameters. The other inputs differ from batch to batch.</param>
    /// <param name="forward">The names of the values that do not belong to the gradients.</param>
    /// <param name="sites">The gradients that are computed from outputs of the graph.</param>
    public TrainingNodes(
        Graph graph,
        IReadOnlyDictionary<string, InferredTensor> types,
        IReadOnlySet<string> parameters,
        IReadOnlySet<string> forward,
        IReadOnlyList<ConvWeightSite> sites
    )
    {
        var known = new Dictionary<string, InferredTensor>(types, StringComparer.Ordinal);
        foreach (var site in sites)
        {
            known[site.Input] = new InferredTensor(DataType.Float, site.Kernel.Input);
            known[site.Gradient] = new InferredTensor(DataType.Float, site.Kernel.Output);
        }

        foreach (var tensor in graph.Proto.Initializer)
            Add(new GraphValue(tensor.Name, new InferredTensor((DataType)tensor.DataType, [.. tensor.Dims]), -1) { IsConstant = true });
        foreach (var input in graph.Proto.Input)
            Add(new GraphValue(input.Name, known.GetValueOrDefault(input.Name), -1) { IsActivation = !parameters.Contains(input.Name) });
        Nodes = [.. graph.Nodes.Select((node, index) => Read(node, index, known))];
        ForwardCount = graph.Nodes.Index().Last(node => node.Item.Output.Any(forward.Contains)).Index + 1;
        Outputs = [.. graph.Proto.Output.Select(output => _values[output.Name])];
        Sites = [.. sites.Select(site => (site, _values[site.Input], _values[site.Gradient]))];
    }

    /// <summary>The nodes of the graph in topological order.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>The number of nodes at the beginning that compute the outputs of the model and the loss.</summary>
    public int ForwardCount { get; }

    /// <summary>The outputs of the graph.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>The gradients that are computed from two outputs of the graph: the input of a convolution, and the gradient of its output.</summary>
    public IReadOnlyList<(ConvWeightSite Site, GraphValue Input, GraphValue Gradient)> Sites { get; }

    private GraphNode Read(NodeProto node, int index, Dictionary<string, InferredTensor> types)
    {
        GraphValue[] reads = [.. CapturedValues.WithInputs(node).Distinct(StringComparer.Ordinal).Select(_values.GetValueOrDefault).OfType<GraphValue>()];
        foreach (var value in reads)
            value.AddReader(index);
        var isActivation = Array.Exists(reads, value => value.IsActivation);
        GraphValue[] writes =
        [
            .. node
                .Output.Where(name => name.Length > 0)
                .Select(name => Add(new GraphValue(name, types.GetValueOrDefault(name), index) { IsActivation = isActivation })),
        ];
        if (node.IsStandard() && Views.Contains(node.OpType) && reads.Length > 0)
            writes[0].Storage = reads[0].Storage;
        long[]? Sizes(string name) => _values.GetValueOrDefault(name)?.Type is { IsRankKnown: true, Elements: not null } type ? type.Shape : null;
        var products = MultiplyAdds.IsCounted(node) ? MultiplyAdds.Of(node, Sizes) ?? 0 : 0;
        return new GraphNode(reads, writes, products + writes.Sum(value => (double)(value.Type?.Elements ?? 0)));
    }

    private GraphValue Add(GraphValue value)
    {
        value.Storage = value;
        _values[value.Name] = value;
        return value;
    }
}
