using System.Numerics.Tensors;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// Finds the constants of a model that training may change. A float32 constant is a parameter if each node that reads it does so at an input for weights
/// (<see cref="TrainableInputs"/>), directly or through operators that move elements.
/// <para>
/// An operand of <c>Add</c>, <c>Sub</c>, <c>Mul</c>, <c>Div</c>, <c>Sum</c> or <c>Concat</c> is one only if it has several elements and another operand depends
/// on a parameter. So a single number (an epsilon, a divisor, half of a GELU) and the normalization of pixels before the first layer stay as they are. An
/// operand with numbers beyond 10,000 is a mask. All other inputs, such as exponents, bounds of <c>Clip</c> and scales of <c>Resize</c>, are no parameters.
/// </para>
/// </summary>
/// <param name="graph">The main graph, whose nodes are in topological order.</param>
/// <param name="stored">The constants that hold weights in another form than float32. Values that are computed from them depend on parameters.</param>
internal sealed class ModelParameters(Graph graph, IReadOnlySet<string> stored)
{
    private const float LargestOperand = 1e4f;

    // For each value that consists of elements of a constant, the name of this constant.
    private readonly Dictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dependent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _weights = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the names of the parameters in the order of the nodes that read them, without the constants that hold weights in another form than float32.
    /// </summary>
    public IReadOnlyList<string> Find()
    {
        var order = new List<string>();
        foreach (var node in graph.Nodes)
        {
            if (node.Is("Constant"))
                continue;
            for (var i = 0; i < node.Input.Count; i++)
                if (Root(node.Input[i]) is { } root && Read(node, i, root))
                    order.Add(root);
            if (node.Input.Any(IsDependent) || graph.Subgraphs(node).Count > 0)
                _dependent.UnionWith(node.Output);
        }

        order.AddRange(InBranches());
        return [.. order.Where(name => !stored.Contains(name) && !_others.Contains(name) && !IsReadElsewhere(name)).Distinct(StringComparer.Ordinal)];
    }

    // Returns the constants of the main graph that nodes of subgraphs read as weights.
    private IEnumerable<string> InBranches() =>
        graph.Proto.Initializer.Select(tensor => tensor.Name).Where(name => Root(name) is not null && graph.Consumers(name).Any(IsWeightOfBranch));

    private bool IsWeightOfBranch(ValueUse use) => !ReferenceEquals(use.Graph, graph) && TrainableInputs.IsWeight(use.Node, use.Index);

    // Records how a node reads a constant. Returns whether the constant is used as a weight.
    private bool Read(NodeProto node, int index, string root)
    {
        if (TrainableInputs.IsMovement(node, index))
            foreach (var output in node.Output)
                _roots[output] = root;
        else if (TrainableInputs.IsWeight(node, index) || (TrainableInputs.IsOperand(node) && IsOperand(node, index, root)))
        {
            _weights.Add(root);
            return true;
        }
        else if (!TrainableInputs.IsShapeOnly(node))
            _others.Add(root);
        return false;
    }

    private bool IsOperand(NodeProto node, int index, string root) =>
        graph.TryGetConstant(root, out var tensor)
        && tensor.ElementCount() > 1
        && tensor.ToFloats() is var values
        && MathF.Abs(TensorPrimitives.MaxMagnitude<float>(values)) <= LargestOperand
        && node.Input.Where((_, i) => i != index).Any(IsDependent);

    private bool IsDependent(string value) => _dependent.Contains(value) || stored.Contains(value) || (Root(value) is { } root && _weights.Contains(root));

    private string? Root(string value) =>
        value.Length == 0 ? null
        : _roots.TryGetValue(value, out var root) ? root
        : graph.TryGetConstant(value, out var tensor) && tensor.DataType == (int)DataType.Float && tensor.ElementCount() > 0 ? value
        : null;

    // Returns whether the constant is read otherwise than as a weight: a subgraph may read it only at inputs for weights.
    private bool IsReadElsewhere(string name) =>
        graph.IsOutputAnywhere(name)
        || graph
            .Consumers(name)
            .Any(use => !ReferenceEquals(use.Graph, graph) && !TrainableInputs.IsWeight(use.Node, use.Index) && !TrainableInputs.IsShapeOnly(use.Node));
}
