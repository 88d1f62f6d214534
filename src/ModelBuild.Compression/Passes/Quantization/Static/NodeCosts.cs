using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// What nodes cost in float32 and in int8, in picoseconds on one core, from their static sizes: coefficients measured once with ONNX Runtime on x64 with VNNI, never on the machine
/// that builds. Only their proportions matter.
/// </summary>
internal sealed class NodeCosts(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
{
    private const long Node = 1_000_000;
    private const long IntegerNode = 2_000_000;
    private const double FloatMultiply = 18;
    private const double IntegerMultiply = 6;
    private const double FloatElement = 150;
    private const double IntegerElement = 100;
    private const double QuantizeElement = 200;
    private const double DequantizeElement = 200;

    // Where a size is not known before it runs: the middle of an image network.
    private const long TypicalElements = 50_000;

    /// <summary>The node in float32.</summary>
    public long Float(NodeProto node, QuantizedRole role) => Node + role switch
    {
        QuantizedRole.Layer => (long)(MultiplyAdds(node) * FloatMultiply),
        _ => (long)(Elements(node.Output[0]) * FloatElement),
    };

    /// <summary>The node in int8.</summary>
    public long Integer(NodeProto node, QuantizedRole role) => role switch
    {
        QuantizedRole.Layer => IntegerNode + (long)(MultiplyAdds(node) * IntegerMultiply),
        QuantizedRole.Clamp => 0,
        QuantizedRole.PassThrough => Node + (long)(Elements(node.Output[0]) * IntegerElement / 2),
        _ => IntegerNode + (long)(Elements(node.Output[0]) * IntegerElement),
    };

    /// <summary>Quantizing a value.</summary>
    public long Quantize(string value) => Node + (long)(Elements(value) * QuantizeElement);

    /// <summary>Making a quantized value float again.</summary>
    public long Dequantize(string value) => Node + (long)(Elements(value) * DequantizeElement);

    private double MultiplyAdds(NodeProto node)
    {
        if (!main.TryGetConstant(node.InputAt(1), out var weight))
            return 0;
        var outputs = (double)Elements(node.Output[0]);
        return node.OpType switch
        {
            "Conv" => outputs * weight.ElementCount() / weight.Dims[0],
            "ConvTranspose" => (double)Elements(node.Input[0]) * weight.ElementCount() / weight.Dims[0],
            "Gemm" when node.GetInt("transB", 0) == 1 => outputs * weight.Dims[1],
            _ => outputs * weight.Dims[0],
        };
    }

    private long Elements(string value) => tensors.GetValueOrDefault(value)?.Elements ?? TypicalElements;
}
