using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The operators that have a quantized form: those that ONNX Runtime fuses into integer operators if they stand between DequantizeLinear and QuantizeLinear
/// (onnxruntime, qdq_selector_action_transformer). The pass checks afterwards on ONNX Runtime's optimized graph whether they were fused.
/// </summary>
internal sealed class OperatorRules(Graph main, TargetProfile target)
{
    /// <summary>Returns the role of the node for quantized values.</summary>
    public QuantizedRole Role(NodeProto node) =>
        !node.IsStandard()
            ? QuantizedRole.None
            : node.OpType switch
            {
                "Conv" or "Gemm" or "MatMul" => QuantizedRole.Layer,
                "Add" or "Mul" or "AveragePool" or "GlobalAveragePool" or "Sigmoid" or "LeakyRelu" or "Concat" => QuantizedRole.Arithmetic,
                "MaxPool" or "Reshape" or "Transpose" or "Flatten" or "Squeeze" or "Unsqueeze" => QuantizedRole.PassThrough,
                "Slice" or "DepthToSpace" or "Split" or "Expand" or "Tile" => QuantizedRole.PassThrough,
                "Resize" when ResizeForm.WhyFloat(node) is null => QuantizedRole.PassThrough,
                "Gather" when !main.IsConstant(node.InputAt(0)) => QuantizedRole.PassThrough,
                "Pad" when node.GetString("mode", "constant") != "constant" => QuantizedRole.PassThrough,
                "Relu" or "Clip" => QuantizedRole.Clamp,
                _ => target.OwnRoles.GetValueOrDefault(node.OpType, QuantizedRole.None),
            };

    /// <summary>Whether nodes of this operator are layers on any target.</summary>
    public static bool IsLayer(string operatorType) => operatorType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul";

    /// <summary>Returns the indices of the inputs that are activations.</summary>
    public static IEnumerable<int> Activations(NodeProto node) =>
        node.OpType switch
        {
            "Add" or "Mul" => [0, 1],
            "Concat" => Enumerable.Range(0, node.Input.Count),
            _ => [0],
        };

    /// <summary>Returns the reason why a layer cannot be quantized; null if it can.</summary>
    public string? WhyNotLayer(NodeProto node)
    {
        if (!main.TryGetConstant(node.InputAt(1), out var weight))
            return Refusal.OperandNotConstant.Text;
        if (weight.DataType != (int)DataType.Float)
            return Refusal.NotFloat32.Text;
        if (main.IsConstant(node.InputAt(0)))
            return Refusal.BothConstant.Text;
        if (Refusal.OfNotFinite(weight.Span<float>()) is { } notFinite)
            return notFinite.Text;
        if (main.ScopeOf(node.Input[1])!.IsOutputAnywhere(node.Input[1]))
            return Refusal.OutputWeights.Text;
        if (node.InputAt(2) is { Length: > 0 } bias && (!main.TryGetConstant(bias, out var tensor) || tensor.DataType != (int)DataType.Float))
            return "its bias is not constant";
        return node.OpType switch
        {
            "Gemm" when WeightedOperator.Of(node).IsInputTransposed(node) => Refusal.TransposedInput.Text,
            "Gemm" when node.InputAt(2) is { Length: > 0 } c && BiasLength(c) is var length && length != 1 && length != Columns(node, weight) =>
                "its third operand is not a bias of its columns",
            "Gemm" or "MatMul" when weight.Dims.Count != 2 => Refusal.Rank(weight, 2).Text,
            "Conv" or "ConvTranspose" when weight.Dims.Count is < 3 or > 5 => Refusal.Rank(weight).Text,
            _ => null,
        };
    }

    private static long Columns(NodeProto gemm, TensorProto weight) => weight.Dims[WeightedOperator.Of(gemm).OutputAxis(gemm)!.Value];

    // A bias has one element for each column, or one for all: [N], [1, N], [1], [].
    private long BiasLength(string bias) =>
        main.TryGetConstant(bias, out var tensor) && tensor.Dims.Take(Math.Max(0, tensor.Dims.Count - 1)).All(size => size == 1) ? tensor.ElementCount() : -1;
}
