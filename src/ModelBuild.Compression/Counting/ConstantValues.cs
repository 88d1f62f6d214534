using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Finds the values that depend only on constants, such as weights that are stored in few bits and dequantized by a few nodes. The numbers of elements are
/// counted from the graph without reading data.
/// </summary>
internal sealed class ConstantValues
{
    // Elementwise operators with which models dequantize stored weights.
    private static readonly HashSet<string> Elementwise = new(
        ["Add", "Cast", "Div", "Floor", "Identity", "Mul", "QuantizeLinear", "Sub", "DequantizeLinear"],
        StringComparer.Ordinal
    );
    private static readonly HashSet<string> Moving = new(["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"], StringComparer.Ordinal);

    private readonly Dictionary<(Graph, string), ConstantValue> _computed = [];
    private readonly HashSet<NodeProto> _folded = new(ReferenceEqualityComparer.Instance);

    /// <param name="main">The main graph, which is searched together with its subgraphs.</param>
    /// <param name="isFolded">Returns whether a node with constant inputs counts as a constant. The number of its elements must be computable, too.</param>
    public ConstantValues(Graph main, Func<Graph, NodeProto, bool> isFolded)
    {
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
            if (node.Is("Constant"))
                _folded.Add(node);
            else if (isFolded(scope, node) && Compute(scope, node) is { } value && _folded.Add(node))
                _computed[(scope, node.Output[0])] = value;
    }

    /// <summary>Returns whether a node computes a value that depends only on constants.</summary>
    public bool Contains(NodeProto node) => _folded.Contains(node);

    /// <summary>Returns the constant value of a name that is visible in a scope, or null when the value does not depend only on constants.</summary>
    public ConstantValue? Find(Graph scope, string name) =>
        name.Length == 0 || scope.ScopeOf(name) is not { } owner ? null
        : _computed.TryGetValue((owner, name), out var value) ? value
        : owner.TryGetConstant(name, out var tensor) ? new ConstantValue(owner, name, tensor.ElementCount(), (DataType)tensor.DataType, tensor.Dims.Count == 0)
        : null;

    private ConstantValue? Compute(Graph scope, NodeProto node)
    {
        if (!node.IsStandard() || node.Output.Count != 1)
            return null;
        var inputs = new List<ConstantValue>();
        foreach (var name in node.Input.Where(name => name.Length > 0))
        {
            if (Find(scope, name) is not { } found)
                return null;
            inputs.Add(found);
        }

        if (inputs.Count == 0)
            return null;
        if (Moving.Contains(node.OpType))
            return inputs[0];
        if (Elementwise.Contains(node.OpType))
            return inputs.MaxBy(input => input.Count)! with { Type = Result(node, inputs), IsScalar = inputs.All(input => input.IsScalar) };
        if (node.OpType == "Concat")
            return new ConstantValue(scope, node.Output[0], inputs.Sum(input => input.Count), inputs[0].Type, IsScalar: false);
        // The result of a Gather along axis 0 has one row of the table for each index.
        return node.Is("Gather") && node.GetInt("axis", 0) == 0 && scope.TryGetConstant(node.Input[0], out var table) && table.Dims is [> 0, ..]
            ? inputs[1] with
            {
                Count = inputs[0].Count / table.Dims[0] * inputs[1].Count,
                Type = inputs[0].Type,
            }
            : null;
    }

    private static DataType Result(NodeProto node, List<ConstantValue> inputs) =>
        node.OpType switch
        {
            "Cast" => (DataType)node.GetInt("to", (long)DataType.Float),
            "DequantizeLinear" => inputs[1].Type,
            "QuantizeLinear" => inputs.Count > 2 ? inputs[2].Type : DataType.Uint8,
            _ => inputs[0].Type,
        };
}
