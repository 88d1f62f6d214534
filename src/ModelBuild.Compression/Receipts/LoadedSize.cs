using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// The bytes of constants that a session holds once it is loaded: what ONNX Runtime has made of weights that are stored narrow is counted, rather than how they are stored. Computed from
/// the graph: nodes of which all inputs are constant are folded at load, but for DequantizeLinear, which belongs to the integer operator behind it.
/// </summary>
internal static class LoadedSize
{
    // How stored weights are made again.
    private static readonly HashSet<string> Elementwise = new(["Add", "Cast", "Div", "Floor", "Identity", "Mul", "Sub"], StringComparer.Ordinal);
    private static readonly HashSet<string> Moving = new(["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"], StringComparer.Ordinal);

    /// <summary>The bytes of a model's constants, those of branches included.</summary>
    /// <param name="model">The model; the data of its tensors is not read.</param>
    public static long Of(OnnxModel model)
    {
        var main = new Graph(model);
        var folded = new Dictionary<(Graph, string), Value>();
        var held = new Dictionary<(Graph, string), Value>();
        foreach (var scope in main.SelfAndSubgraphs())
        {
            foreach (var node in scope.Nodes.Where(node => node.OpType != "Constant"))
            {
                if (Fold(scope, node, folded) is { } value)
                {
                    folded[(scope, node.Output[0])] = value;
                    continue;
                }

                foreach (var input in node.Input)
                    Hold(scope, input, folded, held);
            }

            foreach (var output in scope.Proto.Output)
                Hold(scope, output.Name, folded, held);
        }

        return held.Values.Sum(value => (value.Count * value.Bits + 7) / 8)
            + main.SelfAndSubgraphs().SelectMany(scope => scope.Proto.SparseInitializer).Sum(sparse => sparse.Dims.Aggregate(1L, (a, b) => a * b) * Tensors.BitsPerElement((DataType)sparse.Values.DataType) / 8);
    }

    private readonly record struct Value(long Count, int Bits);

    private static Value? Fold(Graph scope, NodeProto node, Dictionary<(Graph, string), Value> folded)
    {
        if (node.Domain is not ("" or "ai.onnx") || node.Output.Count != 1)
            return null;
        var inputs = new List<Value>();
        foreach (var name in node.Input.Where(name => name.Length > 0))
        {
            if (Find(scope, name, folded) is not { } found)
                return null;
            inputs.Add(found.Value);
        }

        if (inputs.Count == 0)
            return null;
        if (Moving.Contains(node.OpType))
            return inputs[0];
        if (Elementwise.Contains(node.OpType))
            return new Value(inputs.Max(input => input.Count), node.OpType == "Cast" ? Tensors.BitsPerElement((DataType)node.GetInt("to", (long)DataType.Float)) : inputs[0].Bits);
        if (node.OpType == "Concat")
            return new Value(inputs.Sum(input => input.Count), inputs[0].Bits);
        // Rows of a table, as many as there are indices.
        return node.OpType == "Gather" && node.GetInt("axis", 0) == 0 && scope.TryGetConstant(node.Input[0], out var table) && table.Dims is [> 0, ..]
            ? new Value(inputs[0].Count / table.Dims[0] * inputs[1].Count, inputs[0].Bits)
            : null;
    }

    private static void Hold(Graph scope, string name, Dictionary<(Graph, string), Value> folded, Dictionary<(Graph, string), Value> held)
    {
        if (name.Length > 0 && Find(scope, name, folded) is { } found)
            held[(found.Scope, name)] = found.Value;
    }

    private static (Graph Scope, Value Value)? Find(Graph scope, string name, Dictionary<(Graph, string), Value> folded)
    {
        if (scope.ScopeOf(name) is not { } owner)
            return null;
        if (folded.TryGetValue((owner, name), out var value))
            return (owner, value);
        return owner.TryGetConstant(name, out var tensor) ? (owner, new Value(tensor.ElementCount(), Tensors.BitsPerElement((DataType)tensor.DataType))) : null;
    }
}
