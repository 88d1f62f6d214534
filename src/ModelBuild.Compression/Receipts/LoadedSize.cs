using ModelBuild.Compression.Counting;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// The bytes of constants that a session holds once it is loaded: what ONNX Runtime has made of weights that are stored narrow is counted, rather than how they are stored. Computed from
/// the graph: nodes of which all inputs are constant are folded at load, but for DequantizeLinear, which belongs to the integer operator behind it.
/// </summary>
internal static class LoadedSize
{
    // What ONNX Runtime allocates for a node besides constants: its definition, its values' types and its kernel. With version 1.32 it is 3 to 9 KB,
    // most for convolutions.
    private const long BytesOfNode = 5 << 10;

    /// <summary>The bytes that a session takes before it runs: its constants, and an estimate for its nodes.</summary>
    /// <param name="model">The model; the data of its tensors is not read.</param>
    public static long WithNodes(OnnxModel model) =>
        Of(model) + BytesOfNode * new Graph(model).SelfAndSubgraphs().Sum(scope => scope.Nodes.LongCount(node => !node.Is("Constant")));

    /// <summary>The bytes of a model's constants, those of branches included.</summary>
    /// <param name="model">The model; the data of its tensors is not read.</param>
    public static long Of(OnnxModel model)
    {
        var main = new Graph(model);
        var constants = new ConstantValues(main, (_, node) => node.OpType is not ("QuantizeLinear" or "DequantizeLinear"));
        var held = new Dictionary<(Graph, string), ConstantValue>();
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (
            var name in scope
                .Nodes.Where(node => !constants.Contains(node))
                .SelectMany(node => node.Input)
                .Concat(scope.Proto.Output.Select(output => output.Name))
        )
            if (constants.Find(scope, name) is { } found)
                held[(scope.ScopeOf(name)!, name)] = found;
        return held.Values.Sum(value => value.Bytes)
            + main.SelfAndSubgraphs()
                .SelectMany(scope => scope.Proto.SparseInitializer)
                .Sum(sparse => sparse.Dims.Aggregate(1L, (a, b) => a * b) * Tensors.BitsPerElement((DataType)sparse.Values.DataType) / 8);
    }
}
