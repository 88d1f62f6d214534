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
        !node.IsStandard() ? QuantizedRole.None
        : WeightedOperator.LinearKind(node) is WeightedKind.Convolution or WeightedKind.Product ? QuantizedRole.Layer
        : node.OpType switch
        {
            "Add" or "Mul" or "AveragePool" or "GlobalAveragePool" or "Sigmoid" or "LeakyRelu" or "Concat" => QuantizedRole.Arithmetic,
            "MaxPool" or "Reshape" or "Transpose" or "Flatten" or "Squeeze" or "Unsqueeze" => QuantizedRole.PassThrough,
            "Slice" or "DepthToSpace" or "Split" or "Expand" or "Tile" => QuantizedRole.PassThrough,
            "Resize" when ResizeForm.WhyFloat(node) is null => QuantizedRole.PassThrough,
            "Gather" when !main.IsConstant(node.InputAt(0)) => QuantizedRole.PassThrough,
            "Pad" when node.GetString("mode", "constant") != "constant" => QuantizedRole.PassThrough,
            "Relu" or "Clip" => QuantizedRole.Clamp,
            _ => target.OwnRoles.GetValueOrDefault(node.OpType, QuantizedRole.None),
        };

    /// <summary>Returns the indices of the inputs of a node that are activations.</summary>
    public static IEnumerable<int> Activations(NodeProto node) =>
        node.OpType switch
        {
            "Add" or "Mul" => [0, 1],
            "Concat" => Enumerable.Range(0, node.Input.Count),
            _ => [0],
        };

    /// <summary>Returns the reason why a layer cannot be quantized; null if it can.</summary>
    public Refusal? WhyNotLayer(NodeProto node)
    {
        if (!WeightedOperator.TryMatch(main, node, out var layer, out _))
            return Refusal.OperandNotConstant;
        if (layer.WhyNotFloat32() is { } notFloat32)
            return notFloat32;
        if (main.IsConstant(layer.Activation))
            return Refusal.BothConstant;
        var weight = layer.Weight;
        if ((Refusal.OfNotFinite(weight.Span<float>()) ?? layer.WhyOutput()) is { } unusable)
            return unusable;
        if (layer.BiasName is { Length: > 0 } bias && (!main.TryGetConstant(bias, out var tensor) || tensor.DataType != (int)DataType.Float))
            return Refusal.BiasNotConstant;
        if (layer.Operator.IsConvolution)
            return weight.Dims.Count is < 3 or > 5 ? Refusal.Rank(weight) : null;
        return layer.IsInputTransposed ? Refusal.TransposedInput
            : layer.BiasName.Length > 0 && BiasLength(layer.BiasName) is var length && length != 1 && length != weight.Dims[layer.OutputAxis!.Value]
                ? Refusal.NoBias
            : weight.Dims.Count != 2 ? Refusal.Rank(weight, 2)
            : null;
    }

    // Returns the number of elements of a bias; it has one element for each column, or one for all: [N], [1, N], [1], [].
    private long BiasLength(string bias) =>
        main.TryGetConstant(bias, out var tensor) && tensor.Dims.Take(Math.Max(0, tensor.Dims.Count - 1)).All(size => size == 1) ? tensor.ElementCount() : -1;
}
