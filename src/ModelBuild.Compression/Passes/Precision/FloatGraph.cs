using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// The float32 tensors of a model in all scopes, and the nodes that read and compute them. The outputs of an If are the outputs of its branches. The states of
/// loops, and the values that other operators pass to their subgraphs, stay float32, so that rounding errors do not accumulate over many iterations.
/// </summary>
internal sealed class FloatGraph
{
    private readonly ValueTypes _types;
    private readonly bool _io;
    private readonly Dictionary<(Graph Scope, string Name), FloatValue> _values = [];
    private readonly Dictionary<NodeProto, FloatNode> _byProto = new(ReferenceEqualityComparer.Instance);

    /// <param name="main">The model's main graph.</param>
    /// <param name="io">Whether the model's inputs and outputs are converted, too.</param>
    public FloatGraph(Graph main, bool io)
    {
        _io = io;
        _types = new ValueTypes(main);
        var ordinal = 0;
        Scopes = [.. main.SelfAndSubgraphs()];
        foreach (var scope in Scopes)
        foreach (var node in scope.Nodes)
            AddNode(scope, node, ordinal++);
        foreach (var scope in Scopes)
        foreach (var output in scope.Proto.Output)
            AddOutput(scope, output.Name);
    }

    /// <summary>The main graph and all subgraphs.</summary>
    public IReadOnlyList<Graph> Scopes { get; }

    /// <summary>The nodes of all scopes, in the order of each scope.</summary>
    public List<FloatNode> Nodes { get; } = [];

    /// <summary>The values in the order in which they are found.</summary>
    public IEnumerable<FloatValue> Values => _values.Values;

    /// <summary>Returns the entry of a node in this graph; null if the node has no float32 tensors.</summary>
    public FloatNode? Find(NodeProto node) => _byProto.GetValueOrDefault(node);

    /// <summary>Returns the element type of a value before conversion; null if it is not a tensor or its type is unknown.</summary>
    public DataType? TypeOf(Graph scope, string value) => _types.Of(scope, value);

    private void AddNode(Graph scope, NodeProto proto, int ordinal)
    {
        if (proto.Is("Constant") || !proto.Input.Concat(proto.Output).Any(value => IsFloat32(scope, value)))
            return;
        var node = new FloatNode(scope, proto, ordinal, NarrowOperators.Find(proto));
        foreach (var (index, input) in proto.Input.Index())
        {
            if (!IsFloat32(scope, input))
                continue;
            var value = Value(scope, input);
            if (node.Rule is null || node.Rule.Float32Inputs.Contains(index))
                value.IsReadAsFloat32 = true;
            else if (!node.Rule.TakesAny && !node.Inputs.Contains(value))
                Read(node, value);
        }

        foreach (var (index, output) in proto.Output.Index())
        {
            if (!IsFloat32(scope, output) || node.Rule is null || node.Rule.Float32Outputs.Contains(index))
                continue;
            var value = Value(scope, output);
            value.Producer = node;
            node.Outputs.Add(value);
        }

        if (proto.Input.Concat(proto.Output).FirstOrDefault(value => value.Length > 0 && _types.Of(scope, value) is null) is { } unknown)
            node.WhyFloat32 = $"the type of '{unknown}' is unknown or not a tensor";
        Nodes.Add(node);
        _byProto.Add(proto, node);
    }

    private void AddOutput(Graph scope, string name)
    {
        var owner = scope.Owner is null ? null : Find(scope.Owner);
        if (!IsFloat32(scope, name))
        {
            // The type of an output of a subgraph may be unknown. For example, one branch of an If computes a float32 tensor, and the other branch a value of
            // another type.
            if (owner is not null && _types.Of(scope, name) is null)
                owner.WhyFloat32 = $"the type of '{name}' is unknown or not a tensor";
            return;
        }

        var value = Value(scope, name);
        value.IsOutput = true;
        value.IsNarrowOutput = scope.Parent is null && _io;
        if (owner is null)
            return;
        if (!ReferenceEquals(value.Scope, scope))
            owner.WhyFloat32 = $"its branch returns '{name}', which it does not compute";
        value.OutputOf = owner;
        if (owner.Rule is not null)
            Read(owner, value);
    }

    private static void Read(FloatNode node, FloatValue value)
    {
        node.Inputs.Add(value);
        value.Readers.Add(node);
    }

    private bool IsFloat32(Graph scope, string value) => value.Length > 0 && _types.Of(scope, value) == DataType.Float;

    private FloatValue Value(Graph scope, string name)
    {
        var owner = scope.ScopeOf(name)!;
        if (!_values.TryGetValue((owner, name), out var value))
            _values.Add(
                (owner, name),
                value = new FloatValue(owner, name, owner.IsConstant(name))
                {
                    IsNarrowInput = _io && owner.Parent is null && owner.IsInput(name) && !owner.IsConstant(name),
                }
            );
        return value;
    }
}
