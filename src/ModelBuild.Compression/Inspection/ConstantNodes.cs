using ModelBuild.Onnx;

namespace ModelBuild.Compression.Inspection;

/// <summary>Finds the nodes that compute only from constants, such as those that dequantize stored weights.</summary>
internal sealed class ConstantNodes
{
    private readonly HashSet<NodeProto> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <param name="main">The main graph, which is searched together with its subgraphs.</param>
    public ConstantNodes(Graph main)
    {
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
            if (node.Is("Constant") || (scope.Subgraphs(node).Count == 0 && Inputs(node).Any() && Inputs(node).All(value => IsConstant(scope, value))))
                _nodes.Add(node);
    }

    /// <summary>Returns whether a node computes only from constants.</summary>
    public bool Contains(NodeProto node) => _nodes.Contains(node);

    /// <summary>Returns whether a value is stored in the model, or computed only from such values.</summary>
    public bool IsConstant(Graph scope, string value) => scope.IsConstant(value) || Producer(scope, value) is not null;

    /// <summary>Returns the stored constants that a value is computed from; empty for a value that differs from call to call.</summary>
    public IEnumerable<TensorProto> Roots(Graph scope, string value) =>
        scope.TryGetConstant(value, out var tensor) ? [tensor]
        : Producer(scope, value) is { } node ? Inputs(node).SelectMany(input => Roots(scope, input))
        : [];

    /// <summary>Returns the nodes that compute a constant value, in topological order.</summary>
    public IReadOnlyList<NodeProto> Chain(Graph scope, string value)
    {
        var chain = new List<NodeProto>();
        Add(value);
        return chain;

        void Add(string name)
        {
            if (Producer(scope, name) is not { } node || chain.Contains(node) || node.Is("Constant"))
                return;
            foreach (var input in Inputs(node))
                Add(input);
            chain.Add(node);
        }
    }

    private NodeProto? Producer(Graph scope, string value) => scope.Producer(value) is { } node && _nodes.Contains(node) ? node : null;

    private static IEnumerable<string> Inputs(NodeProto node) => node.Input.Where(value => value.Length > 0);
}
