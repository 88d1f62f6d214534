using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Finds the parameters of a model: the elements of all constant floating-point tensors that nodes of any scope compute with, including Constant nodes and
/// the zeros of sparse tensors. A shared tensor counts once. The storage of a weight makes no difference: integer codes count as the weights that they
/// represent, packed or not, before DequantizeLinear or other dequantizing nodes, or as operands of integer operators. Not counted are scales, zero points
/// and codebooks, scalars such as bounds and factors, the sizes that Resize and Upsample read, the initial states of recurrent layers, and numbers in
/// attributes such as those of decision trees.
/// </summary>
internal static class Weights
{
    // The indices of the inputs that count as parameters, for operators that have no weights of their own. Their other inputs are scales, zero points and
    // sizes.
    private static readonly Dictionary<string, int[]> Operands = new(StringComparer.Ordinal)
    {
        ["DequantizeLinear"] = [0],
        ["QLinearAdd"] = [0, 3],
        ["QLinearMul"] = [0, 3],
        ["QuantizeLinear"] = [0],
        ["Resize"] = [0],
        ["Upsample"] = [0],
    };

    /// <summary>Returns the weights of a model in the order of their first use.</summary>
    /// <param name="main">The main graph. The data of tensors are not read.</param>
    public static IReadOnlyList<Weight> Find(Graph main)
    {
        // A Gather from an embedding table does not count as a constant, because its result is not the table. A Gather from a codebook, which has one axis,
        // counts as one.
        var constants = new ConstantValues(
            main,
            (scope, node) => !IsTable(node) || (scope.TryGetConstant(node.InputAt(0), out var table) && table.Dims.Count == 1)
        );
        var found = new Dictionary<(Graph, string), (long Parameters, List<NodeProto> Readers)>();
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => !constants.Contains(node)))
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (Read(scope, node, i, constants) is not { } weight || weight.Parameters == 0)
                    continue;
                var (parameters, readers) = found.GetValueOrDefault(weight.Key, (0, []));
                if (!ReferenceEquals(readers.LastOrDefault(), node))
                    readers.Add(node);
                found[weight.Key] = (Math.Max(parameters, weight.Parameters), readers);
            }

        return [.. found.Values.Select(weight => new Weight(weight.Parameters, weight.Readers))];
    }

    /// <summary>Returns the number of parameters of a model.</summary>
    public static long Count(OnnxModel model) => Find(new Graph(model)).Sum(weight => weight.Parameters);

    private static ((Graph, string) Key, long Parameters)? Read(Graph scope, NodeProto node, int index, ConstantValues constants)
    {
        var name = node.Input[index];
        if (constants.Find(scope, name) is { } value)
            return ((value.Owner, value.Root), IsWeight(scope, node, index, value, constants) ? Elements(node, index, value) : 0);
        return
            name.Length > 0
            && scope.ScopeOf(name) is { } owner
            && owner.Proto.SparseInitializer.FirstOrDefault(sparse => sparse.Values?.Name == name) is { } sparse
            ? ((owner, name), MultiplyAdds.Product(sparse.Dims))
            : null;
    }

    private static bool IsWeight(Graph scope, NodeProto node, int index, ConstantValue value, ConstantValues constants)
    {
        if (value.IsScalar || IsScale(scope, node, index, constants))
            return false;
        if (Operands.TryGetValue(node.OpType, out var places))
            return places.Contains(index);
        if ((WeightedOperator.FindStored(node) ?? WeightedOperator.FindRecurrent(node)) is { } found)
            return found.Parameters.Contains(index);
        return value.Type
                is DataType.Float
                    or DataType.Float16
                    or DataType.Bfloat16
                    or DataType.Double
                    or DataType.Float8E4M3Fn
                    or DataType.Float8E4M3Fnuz
                    or DataType.Float8E5M2
                    or DataType.Float8E5M2Fnuz
            // Integers in the table of a Gather are parameters, because they are the codes of an embedding.
            || (IsTable(node) && index == 0 && IsCode(value.Type));
    }

    // Returns whether a constant is a scale: it multiplies the result of an integer product, integer codes, or the scale of dynamically quantized
    // activations. If a Gather reads the constant as a table, the readers of its output decide.
    private static bool IsScale(Graph scope, NodeProto node, int index, ConstantValues constants)
    {
        if (IsTable(node) && index == 0)
            return scope.Consumers(node.Output[0]) is { Count: > 0 } uses && uses.All(use => IsScale(use.Graph, use.Node, use.Index, constants));
        return node.Is("Mul")
            && node.Input.Count == 2
            && scope.Producer(node.Input[1 - index]) is { } other
            && (
                (other.Is("Cast") && IsInteger(scope, other.Input[0], constants))
                || (other.Is("DynamicQuantizeLinear") && other.Output.IndexOf(node.Input[1 - index]) == 1)
            );
    }

    private static bool IsInteger(Graph scope, string value, ConstantValues constants) =>
        scope.Producer(value) is { } producer
        && (producer.Is("MatMulInteger") || producer.Is("ConvInteger") || (IsTable(producer) && IsCode(constants.Find(scope, producer.Input[0])?.Type)));

    private static bool IsTable(NodeProto node) => WeightedOperator.Find(node)?.Kind == WeightedKind.Embedding;

    // Returns whether an element type can hold the codes of a quantized embedding table.
    private static bool IsCode(DataType? type) => type is DataType.Int8 or DataType.Uint8 or DataType.Int4 or DataType.Uint4;

    private static long Elements(NodeProto node, int index, ConstantValue value) =>
        WeightedOperator.FindStored(node) switch
        {
            // Packed weights count without padding, as N · K elements, because their stored rows are padded to complete blocks.
            { IsPacked: true } found when index == found.WeightInput => MultiplyAdds.Product([node.GetInt("N"), node.GetInt("K")]),
            { Kind: WeightedKind.Embedding } when value.Type == DataType.Uint8 => value.Count * 8 / Math.Max(1, node.GetInt("bits", 4)),
            _ => value.Count,
        };
}
