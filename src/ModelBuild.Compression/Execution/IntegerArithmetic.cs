using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>Says in a model's metadata that it multiplies signed 8-bit weights, for processors on which that needs care (<see cref="IntegerProducts"/>).</summary>
internal static class IntegerArithmetic
{
    // Where operators have their signed weights, and the zero points that belong to them (ONNX and ONNX Runtime's contributed operators).
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
    /// Writes the metadata entry, or takes it away where there are no such weights, or ONNX Runtime 1.29 would refuse the model under the option: when a weight lacks its
    /// zero point, or several nodes read the same weight or zero point.
    /// </summary>
    public static void Describe(OnnxModel model)
    {
        if (IsUnsignedBySigned(model))
            model.SetMetadata(IntegerProducts.ArithmeticKey, IntegerProducts.UnsignedBySigned);
        else if (model.Proto.MetadataProps.FirstOrDefault(entry => entry.Key == IntegerProducts.ArithmeticKey) is { } old)
            model.Proto.MetadataProps.Remove(old);
    }

    /// <summary>Whether a model multiplies signed 8-bit weights, and ONNX Runtime's option for processors on which sums of such products saturate may
    /// be set for it.</summary>
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
