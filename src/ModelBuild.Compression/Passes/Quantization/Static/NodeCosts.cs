using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The estimated time of nodes in float32 and in int8, in picoseconds on one core, computed from their static sizes. The coefficients were measured once with
/// ONNX Runtime on an x64 CPU with VNNI, so that the result does not depend on the machine that builds. Only their ratios matter.
/// </summary>
internal sealed class NodeCosts(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
{
    private const long FloatNode = 300_000;
    private const long IntegerProduct = 600_000;
    private const long IntegerConvolution = 1_500_000;

    // The fixed cost includes the change of layout for integer convolutions.
    private const long Conversion = 500_000;
    private const double ConvertedElement = 180;
    private const double PoolingChannelsFirst = 2000;
    private const double TurnedElement = 190;

    // With fewer rows, the time of a matrix product is that of reading its weights.
    private const int FewRows = 8;

    // The number of elements of a value of unknown size: a layer in the middle of an image network.
    private const long TypicalElements = 50_000;

    // The depth of a convolution whose weights are computed: 64 channels and a kernel of 3 × 3.
    private const long TypicalDepth = 576;

    /// <summary>Returns the cost of the node in float32.</summary>
    public long Float(NodeProto node, QuantizedRole role) =>
        FloatNode + (long)(role == QuantizedRole.Layer ? MultiplyAdds(node) * FloatMultiply(node) : Elements(node) * FloatElement(node));

    /// <summary>Returns the cost of the node in int8.</summary>
    public long Integer(NodeProto node, QuantizedRole role) =>
        role switch
        {
            QuantizedRole.Clamp => 0,
            QuantizedRole.Layer => (node.OpType == "Conv" ? IntegerConvolution : IntegerProduct) + (long)(MultiplyAdds(node) * IntegerMultiply(node)),
            _ => FloatNode + (long)(Elements(node) * IntegerElement(node)),
        };

    /// <summary>
    /// Returns the additional cost of the node in int8 if the channels of its operands are not last, as integer convolutions compute them: pooling is slow in
    /// this layout, and a node after a convolution needs a transposition of its input and another one before the next convolution.
    /// </summary>
    public long ChannelsFirst(NodeProto node) =>
        node.OpType switch
        {
            "MaxPool" or "AveragePool" => (long)(Elements(node) * PoolingChannelsFirst),
            "Add" or "Mul" or "Concat" => (long)(Elements(node) * 2 * TurnedElement),
            _ => 0,
        };

    /// <summary>Returns the cost of quantizing a value.</summary>
    public long Quantize(string value) => Conversion + (long)(Elements(value) * ConvertedElement);

    /// <summary>Returns the cost of converting a quantized value to float.</summary>
    public long Dequantize(string value) => Conversion + (long)(Elements(value) * ConvertedElement);

    private double FloatMultiply(NodeProto node) =>
        node.OpType switch
        {
            "Conv" when IsDepthwise(node) => 55,
            "Conv" => 20 + 300 / Depth(node),
            _ => Rows(node) < FewRows ? 50 : 22,
        };

    // An integer convolution first gathers its patches for each pixel. All output channels share this cost, which is high for pixels of few channels.
    private double IntegerMultiply(NodeProto node) =>
        node.OpType switch
        {
            "Conv" when IsDepthwise(node) => 50,
            "Conv" => 6 + (200 + Gathering(node)) / Depth(node),
            _ => Rows(node) < FewRows ? 25 : 6,
        };

    // Only convolutions with constant weights compute in integers; others gather no patches.
    private double Gathering(NodeProto conv)
    {
        if (Sizes(conv.InputAt(1)) is not { Length: > 2 } weight)
            return 0;
        var pixels = weight.Skip(2).Aggregate(1.0, (a, b) => a * b);
        return pixels == 1 ? 0 : (weight[1] < 16 ? 1500 : 500) * pixels / Math.Max(1, weight[0]);
    }

    // Returns the number of products that are summed for one output element.
    private double Depth(NodeProto conv) => Math.Max(1, Counting.MultiplyAdds.Depth(conv, Sizes) ?? TypicalDepth);

    private double FloatElement(NodeProto node) =>
        node.OpType switch
        {
            // ONNX Runtime fuses the node into the bias of a layer.
            "Add" when HasConstant(node) => 0,
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => 0,
            "MaxPool" or "Concat" or "Split" or "Resize" => 210,
            "Sigmoid" => 290,
            _ => 155,
        };

    private double IntegerElement(NodeProto node) =>
        node.OpType switch
        {
            // The constant is broadcast over the rows.
            "Add" or "Mul" when HasConstant(node) => 600,
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => 0,
            "Add" or "MaxPool" => 150,
            "Mul" or "Sigmoid" or "LeakyRelu" or "AveragePool" or "GlobalAveragePool" => 235,
            _ => 50,
        };

    private bool HasConstant(NodeProto node) => main.IsConstant(node.InputAt(0)) || main.IsConstant(node.InputAt(1));

    private bool IsDepthwise(NodeProto conv) => conv.GetInt("group", 1) > 1 && Sizes(conv.InputAt(1)) is [_, 1, ..];

    private long Rows(NodeProto product) => Elements(product.Output[0]) / Math.Max(1, tensors.GetValueOrDefault(product.Output[0])?.Shape.LastOrDefault() ?? 1);

    // Returns the number of elements of the first input or output, whichever is larger; nodes such as RandomNormal have no input.
    private long Elements(NodeProto node) => node.Input.Take(1).Concat(node.Output.Take(1)).Select(Elements).DefaultIfEmpty(0).Max();

    private double MultiplyAdds(NodeProto node) =>
        Counting.MultiplyAdds.Of(node, Sizes) ?? (double)TypicalElements * (Counting.MultiplyAdds.Depth(node, Sizes) ?? TypicalDepth);

    private long[]? Sizes(string value) =>
        main.TryGetConstant(value, out var constant) ? [.. constant.Dims]
        : tensors.GetValueOrDefault(value) is { Shape.Length: > 0, Elements: not null } tensor ? tensor.Shape
        : null;

    // ONNX Runtime reports a value of unknown rank as a scalar, which no layer reads or writes.
    private long Elements(string value) =>
        tensors.GetValueOrDefault(value) is { Shape.Length: > 0 } tensor ? tensor.Elements ?? TypicalElements : TypicalElements;
}
