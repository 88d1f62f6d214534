using ModelBuild.Compression.Counting;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// Computes the size of the constants in a loaded session from the graph. Weights count in the type that ONNX Runtime converts them to at load, not in the
/// stored type. Nodes with only constant inputs are folded at load, except DequantizeLinear, which belongs to the integer operator that reads it.
/// </summary>
internal static class LoadedSize
{
    // The estimated memory of a node in bytes, without constants: its definition, the types of its values and its kernel. With ONNX Runtime 1.32 the memory is
    // 3 to 9 KB, most for convolutions.
    private const long BytesOfNode = 5 << 10;

    /// <summary>Returns the size in bytes of a session before it runs: its constants, and an estimate for its nodes.</summary>
    /// <param name="model">The model. The data of its tensors are not read.</param>
    public static long WithNodes(OnnxModel model) =>
        Of(model) + BytesOfNode * new Graph(model).SelfAndSubgraphs().Sum(scope => scope.Nodes.LongCount(node => !node.Is("Constant")));

    /// <summary>Returns the size in bytes of a model's constants, including those of subgraphs.</summary>
    /// <param name="model">The model. The data of its tensors are not read.</param>
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
