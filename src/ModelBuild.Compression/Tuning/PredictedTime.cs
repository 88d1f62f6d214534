using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Inspection;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// Predicts the time of a call from the static costs of operators (<see cref="CostTable"/>). Nodes that only depend on constants do not count, because ONNX
/// Runtime computes them when it loads the model. Nodes in branches do not count either.
/// </summary>
internal sealed class PredictedTime
{
    // The accuracy level of MatMulNBits that multiplies in int8. The other levels multiply floats.
    private const int IntegerLevel = 4;

    // The operators that quantize their float input themselves.
    private static readonly HashSet<string> Quantizing = new(StringComparer.Ordinal) { "DynamicQuantizeMatMul", "DynamicQuantizeLSTM" };

    private readonly Graph _main;
    private readonly OperatorRules _rules;
    private readonly NodeCosts _costs;
    private readonly ConstantNodes _constants;

    private PredictedTime(OnnxModel model, TargetProfile target, CostTable table, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        _main = new Graph(model);
        _rules = new OperatorRules(_main, target);
        // All costs are those of the same call with these input shapes. Costs of one row and multiply-adds of many rows would not be comparable.
        _costs = new NodeCosts(_main, CallShapes.DescribeComputed(model, inputShapes), table);
        _constants = new ConstantNodes(_main);
    }

    /// <summary>
    /// Returns the predicted time of a call in picoseconds on one core; null if the target has no table of costs. Only ratios of such times have a meaning.
    /// </summary>
    /// <param name="model">The model as it is saved, with its weights or mapped.</param>
    /// <param name="target">The target.</param>
    /// <param name="inputShapes">The shapes of the inputs of one call.</param>
    public static double? Of(OnnxModel model, TargetProfile target, IReadOnlyDictionary<string, long[]> inputShapes) =>
        target.Costs is { } table ? new PredictedTime(model, target, table, inputShapes).Sum() : null;

    private double Sum() => _main.Nodes.Where(node => node.Output.Count > 0 && !_constants.Contains(node)).Sum(node => (double)Cost(node));

    private long Cost(NodeProto node) =>
        node.OpType switch
        {
            "QuantizeLinear" => IsInteger(_main.Producer(node.Input[0])) ? 0 : _costs.Quantize(node.Input[0]),
            "DequantizeLinear" => !_main.IsOutput(node.Output[0]) && _main.Consumers(node.Output[0]).All(use => IsInteger(use.Node))
                ? 0
                : _costs.Dequantize(node.Output[0]),
            "DynamicQuantizeLinear" => _costs.Quantize(node.Input[0]),
            "MatMulNBits" => node.GetInt("accuracy_level") == IntegerLevel ? _costs.BlockProduct(node, (int)node.GetInt("bits", 4)) : _costs.FloatProduct(node),
            "MatMulBnb4" => _costs.FloatProduct(node),
            _ when WeightedOperator.FindStored(node) is { Kind: not WeightedKind.Embedding } => _costs.CodeProduct(node)
                + (Quantizing.Contains(node.OpType) ? _costs.Quantize(node.Input[0]) : 0),
            _ when IsFusedScale(node) => 0,
            _ when BlockBits(node) is { } bits => _costs.BlockProduct(node, bits),
            _ when IsInteger(node) => _costs.Integer(node, _rules.Role(node)),
            _ when IsFusedClamp(node) => 0,
            _ when _rules.Role(node) == QuantizedRole.None && MultiplyAdds.IsCounted(node) => _costs.FloatProduct(node),
            _ => _costs.Float(node, _rules.Role(node)),
        };

    // Returns whether a Cast or Mul takes no time: ONNX Runtime fuses an integer product with the conversion of its sums to float and with their multiplication
    // by the scale. The Mul that computes this scale from the scales of both operands takes almost no time either, because the scales are few numbers.
    private bool IsFusedScale(NodeProto node) =>
        node.OpType switch
        {
            "Cast" => IsSum(node.Input[0]),
            "Mul" => node.Input.Any(input =>
                _main.Producer(input) switch
                {
                    { OpType: "DynamicQuantizeLinear" } quantize => quantize.Output.IndexOf(input) == 1,
                    { OpType: "Cast" } cast => IsSum(cast.Input[0]),
                    _ => false,
                }
            ),
            _ => false,
        };

    private bool IsSum(string value) => _main.Producer(value) is { OpType: "MatMulInteger" or "ConvInteger" };

    // Returns the number of bits of the weights if ONNX Runtime fuses the product of floats and weights in blocks into MatMulNBits; null for other nodes.
    private int? BlockBits(NodeProto node) =>
        WeightedOperator.IsLinearProduct(node)
        && _main.Producer(node.Input[1]) is { OpType: "DequantizeLinear" } dequantize
        && dequantize.GetInt("block_size") > 0
        && _main.TryGetConstant(dequantize.Input[0], out var codes)
            ? Tensors.BitsPerElement((DataType)codes.DataType)
            : null;

    // Returns whether the node is a layer that ONNX Runtime fuses with the DequantizeLinear nodes before it and the QuantizeLinear node after it. A layer also
    // computes in integers without the QuantizeLinear.
    private bool IsInteger(NodeProto? node)
    {
        if (node is null || _rules.Role(node) is QuantizedRole.None or QuantizedRole.Clamp)
            return false;
        var readsIntegers = OperatorRules.Activations(node).All(input => IsFixed(node.InputAt(input)) || Dequantizes(node.InputAt(input)));
        if (!readsIntegers || !OperatorRules.Activations(node).Any(input => Dequantizes(node.InputAt(input))))
            return false;
        return _rules.Role(node) == QuantizedRole.Layer
            ? HasCodes(node)
            : !_main.IsOutput(node.Output[0]) && _main.Consumers(node.Output[0]).All(use => use.Node.OpType == "QuantizeLinear");
    }

    private bool Dequantizes(string value) => _main.Producer(value) is { OpType: "DequantizeLinear" } && !IsFixed(value);

    private bool HasCodes(NodeProto layer) => _main.Producer(layer.InputAt(WeightedOperator.Of(layer).WeightInput)) is { OpType: "DequantizeLinear" };

    private bool IsFusedClamp(NodeProto node) =>
        _rules.Role(node) == QuantizedRole.Clamp && _main.Producer(node.Input[0]) is { } producer && _rules.Role(producer) == QuantizedRole.Layer;

    private bool IsFixed(string value) => _constants.IsConstant(_main, value);
}
