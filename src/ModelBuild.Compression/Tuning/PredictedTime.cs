using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Inspection;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// Predicts the time of a call from the static costs of operators (<see cref="CostTable"/>). Nodes that only depend on constants do not count, because ONNX
/// Runtime computes them when it loads the model. Nodes in branches do not count either.
/// </summary>
internal sealed class PredictedTime
{
    private static readonly HashSet<string> IntegerProducts = new(StringComparer.Ordinal)
    {
        "MatMulInteger",
        "MatMulIntegerToFloat",
        "DynamicQuantizeMatMul",
        "DynamicQuantizeLSTM",
        "QAttention",
        "MatMulNBits",
    };

    private readonly Graph _main;
    private readonly OperatorRules _rules;
    private readonly NodeCosts _costs;
    private readonly CostTable _table;
    private readonly Dictionary<string, long> _work;
    private readonly ConstantNodes _constants;

    private PredictedTime(OnnxModel model, TargetProfile target, CostTable table, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        _main = new Graph(model);
        _rules = new OperatorRules(_main, target);
        _table = table;
        _costs = new NodeCosts(_main, CallShapes.Describe(model, inputShapes), table);
        _work = ModelWork
            .Of(model, inputShapes)
            .GroupBy(work => work.Node.Output[0])
            .ToDictionary(works => works.Key, works => works.Sum(work => work.MultiplyAdds ?? 0), StringComparer.Ordinal);
        _constants = new ConstantNodes(_main);
    }

    /// <summary>Returns the time in picoseconds on one core; null if the target has no table of costs. Only ratios of such times mean something.</summary>
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
            _ when IntegerProducts.Contains(node.OpType) => _table.IntegerProduct
                + _costs.Quantize(node.Input[0])
                + (long)(_work.GetValueOrDefault(node.Output[0]) * _table.IntegerMultiply.Product),
            _ when IsInteger(node) => _costs.Integer(node, _rules.Role(node)),
            _ when IsFusedClamp(node) => 0,
            _ => _costs.Float(node, _rules.Role(node)),
        };

    // ONNX Runtime fuses such a node with the DequantizeLinear nodes before it and the QuantizeLinear node after it. A layer also computes in integers
    // without the latter.
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
