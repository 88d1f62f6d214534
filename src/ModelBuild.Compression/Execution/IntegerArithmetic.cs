using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Records in a model's metadata that the model multiplies signed 8-bit weights. Some CPUs need care with such products (<see cref="IntegerProducts"/>).
/// </summary>
internal static class IntegerArithmetic
{
    // The operators of ONNX and ONNX Runtime with signed weights: the index of each input with weights, and the index of the input with their zero points.
    private static readonly Dictionary<string, (int Weight, int ZeroPoint)[]> Weights = new(StringComparer.Ordinal)
    {
        ["DequantizeLinear"] = [(0, 2)],
        ["DynamicQuantizeLSTM"] = [(1, 9), (2, 11)],
        ["DynamicQuantizeMatMul"] = [(1, 3)],
        ["MatMulInteger"] = [(1, 3)],
        ["MatMulIntegerToFloat"] = [(1, 5)],
        ["QAttention"] = [(1, 7)],
        ["QGemm"] = [(3, 5)],
        ["QLinearConv"] = [(3, 5)],
        ["QLinearMatMul"] = [(3, 5)],
    };

    /// <summary>
    /// Writes the metadata entry about signed 8-bit weights to a model. The entry is removed when the model has no such weights, or when ONNX Runtime 1.29
    /// would refuse the model with the option: when a weight has no zero point, or when several nodes read the same weight or zero point.
    /// </summary>
    public static void Describe(OnnxModel model)
    {
        if (IsUnsignedBySigned(model))
            model.SetMetadata(IntegerProducts.ArithmeticKey, IntegerProducts.UnsignedBySigned);
        else if (model.Proto.MetadataProps.FirstOrDefault(entry => entry.Key == IntegerProducts.ArithmeticKey) is { } old)
            model.Proto.MetadataProps.Remove(old);
    }

    /// <summary>
    /// Returns whether a model multiplies signed 8-bit weights and works with ONNX Runtime's option for CPUs on which sums of such products saturate.
    /// </summary>
    public static bool IsUnsignedBySigned(OnnxModel model)
    {
        var weights = new Graph(model).SelfAndSubgraphs().SelectMany(Find).ToArray();
        return weights.Length > 0
            && weights.All(weight => weight.ZeroPoint.Length > 0)
            && weights
                .SelectMany(weight => new[] { (weight.Owner, weight.Name), (weight.Owner, weight.ZeroPoint) })
                .GroupBy(value => value)
                .All(uses => uses.Count() == 1);
    }

    private static IEnumerable<(Graph? Owner, string Name, string ZeroPoint)> Find(Graph scope) =>
        from node in scope.Nodes
        from place in Weights.GetValueOrDefault(node.OpType, [])
        let name = node.InputAt(place.Weight)
        where scope.TryGetConstant(name, out var tensor) && tensor.DataType == (int)DataType.Int8
        select (scope.ScopeOf(name), name, node.InputAt(place.ZeroPoint));
}
