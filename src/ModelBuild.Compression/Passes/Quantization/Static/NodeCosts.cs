using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The estimated costs of nodes in float32 and in int8, in picoseconds on one core, from their static sizes.</summary>
/// <param name="main">The optimized float graph.</param>
/// <param name="tensors">Types and shapes of its values.</param>
/// <param name="costs">The costs of operators on the target.</param>
internal sealed class NodeCosts(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors, CostTable costs)
{
    // The smallest number of rows for which arithmetic determines the time of a matrix product. With fewer rows, it is the time of reading the weights.
    private const int FewRows = 8;

    // The smallest number of channels for which an integer convolution gathers pixels at full speed. It gathers pixels of fewer channels more slowly.
    private const int NarrowPixel = 16;

    // The number of inputs of one output element in the poolings whose costs were measured, which have a kernel of 3 × 3.
    private const double MeasuredKernel = 9;

    // The number of elements that is assumed for a value of unknown size. It is the size of a layer in the middle of an image network.
    private const long TypicalElements = 50_000;

    // The number of products for each output element that is assumed for a convolution whose weights are computed: 64 channels and a kernel of 3 × 3.
    private const long TypicalDepth = 576;

    /// <summary>Returns the cost of the node in float32.</summary>
    public long Float(NodeProto node, QuantizedRole role) =>
        costs.FloatNode + (long)(role == QuantizedRole.Layer ? MultiplyAdds(node) * FloatMultiply(node) : ElementsOfCost(node) * FloatElement(node));

    /// <summary>Returns the cost of the node in int8.</summary>
    public long Integer(NodeProto node, QuantizedRole role) =>
        role switch
        {
            QuantizedRole.Clamp => 0,
            QuantizedRole.Layer => (IsConvolution(node) ? costs.IntegerConvolution : costs.IntegerProduct) + (long)(MultiplyAdds(node) * IntegerMultiply(node)),
            _ => costs.FloatNode + (long)(ElementsOfCost(node) * IntegerElement(node)),
        };

    /// <summary>Returns the cost of a node that multiplies floats and has no quantized form, such as attention or a recurrent layer.</summary>
    public long FloatProduct(NodeProto node) => costs.FloatNode + (long)(MultiplyAdds(node) * FloatMultiply(node));

    /// <summary>Returns the cost of an operator whose weights are stored as codes that it multiplies, apart from the quantization of its input.</summary>
    public long CodeProduct(NodeProto node) =>
        (IsConvolution(node) ? costs.IntegerConvolution : costs.IntegerProduct) + (long)(MultiplyAdds(node) * IntegerMultiply(node));

    /// <summary>Returns the cost of a product whose weights have a scale for each block of inputs, and which quantizes its input.</summary>
    /// <param name="node">The product.</param>
    /// <param name="bits">The bits of a weight.</param>
    public long BlockProduct(NodeProto node, int bits)
    {
        var multiply = bits > 4 ? costs.WideBlockMultiply : costs.NarrowBlockMultiply;
        return costs.IntegerProduct
            + Quantize(node.Input[0])
            + (long)(MultiplyAdds(node) * (Rows(node) < FewRows ? multiply.ProductOfFewRows : multiply.Product));
    }

    /// <summary>
    /// Returns the additional cost of the node in int8 if the channels of its operands are not last, as integer convolutions compute them: pooling is slow in
    /// this layout, and a node after a convolution needs a transposition of its input and another one before the next convolution.
    /// </summary>
    public long ChannelsFirst(NodeProto node) =>
        node.OpType switch
        {
            "MaxPool" or "AveragePool" => (long)(ElementsOfCost(node) * costs.ChannelsFirstPooling),
            "Add" or "Mul" or "Concat" => (long)(Elements(node) * 2 * costs.TransposedElement),
            _ => 0,
        };

    /// <summary>Returns the cost of quantizing a value.</summary>
    public long Quantize(string value) => costs.Conversion + (long)(Elements(value) * costs.ConvertedElement);

    /// <summary>Returns the cost of converting a quantized value to float.</summary>
    public long Dequantize(string value) => costs.Conversion + (long)(Elements(value) * costs.ConvertedElement);

    private double FloatMultiply(NodeProto node) => Multiply(node, costs.FloatMultiply, gathering: 0);

    // Returns the cost of an integer layer. An integer convolution first gathers its patches pixel by pixel. All output channels share that work, and it is
    // slow for pixels of few channels.
    private double IntegerMultiply(NodeProto node) => Multiply(node, costs.IntegerMultiply, IsConvolution(node) ? Gathering(node) : 0);

    private double Multiply(NodeProto node, MultiplyCosts costs, double gathering)
    {
        if (!IsConvolution(node))
            return Rows(node) < FewRows ? costs.ProductOfFewRows : costs.Product;
        return IsDepthwise(node) ? costs.Depthwise : costs.Convolution + (costs.ConvolutionOverhead + gathering) / Depth(node);
    }

    // Returns the cost of gathering patches. Only convolutions with constant weights compute in integers and gather patches.
    private double Gathering(NodeProto conv)
    {
        if (Sizes(conv.InputAt(WeightedOperator.FindAny(conv)!.WeightInput)) is not { Length: > 2 } weight)
            return 0;
        var pixels = weight.Skip(2).Aggregate(1.0, (a, b) => a * b);
        return pixels == 1 ? 0 : (weight[1] < NarrowPixel ? costs.GatheredNarrowPixel : costs.GatheredPixel) * pixels / Math.Max(1, weight[0]);
    }

    // Returns the number of products that are summed for one output element.
    private double Depth(NodeProto conv) => Math.Max(1, Counting.MultiplyAdds.Depth(conv, Sizes) ?? TypicalDepth);

    private double FloatElement(NodeProto node) =>
        node.OpType switch
        {
            // An Add with a constant costs nothing in float, because ONNX Runtime fuses it into the bias of a layer.
            "Add" when HasConstant(node) => 0,
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => 0,
            _ => costs.FloatElements.GetValueOrDefault(node.OpType, costs.OtherFloatElement),
        };

    private double IntegerElement(NodeProto node) =>
        node.OpType switch
        {
            // An Add or Mul with a constant has a cost of its own in integers, because the constant is broadcast over the rows.
            "Add" or "Mul" when HasConstant(node) => costs.BroadcastIntegerElement,
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => 0,
            _ => costs.IntegerElements.GetValueOrDefault(node.OpType, costs.OtherIntegerElement),
        };

    private bool HasConstant(NodeProto node) => main.IsConstant(node.InputAt(0)) || main.IsConstant(node.InputAt(1));

    private static bool IsConvolution(NodeProto node) => WeightedOperator.FindAny(node)?.Kind == WeightedKind.Convolution;

    private bool IsDepthwise(NodeProto conv) => WeightedOperator.FindAny(conv) is { } found && found.IsDepthwise(conv, Sizes(conv.InputAt(found.WeightInput)));

    // Returns the number of rows that a node multiplies at once. A recurrent layer multiplies the rows of one time step at a time: one for each sequence of the
    // batch.
    private long Rows(NodeProto product) =>
        WeightedOperator.FindAny(product)?.Kind == WeightedKind.Recurrent
            ? Sizes(product.Input[0]) is { Length: 3 } sizes
                ? sizes[product.GetInt("layout", 0) == 0 ? 1 : 0]
                : 1
            : Elements(product.Output[0]) / Math.Max(1, tensors.GetValueOrDefault(product.Output[0])?.Shape.LastOrDefault() ?? 1);

    // Returns the number of elements that the cost of an element is multiplied by. The time of a pooling is proportional to its outputs and to its kernel.
    private double ElementsOfCost(NodeProto node) =>
        node.OpType is "MaxPool" or "AveragePool" && node.GetInts("kernel_shape") is { Length: > 0 } kernel
            ? Elements(node.Output[0]) * kernel.Aggregate(1.0, (a, b) => a * b) / MeasuredKernel
            : Elements(node);

    // Returns the number of elements of the first input or output, whichever is larger. Nodes such as RandomNormal have no input.
    private long Elements(NodeProto node) => node.Input.Take(1).Concat(node.Output.Take(1)).Select(Elements).DefaultIfEmpty(0).Max();

    private double MultiplyAdds(NodeProto node) =>
        Counting.MultiplyAdds.Of(node, Sizes) ?? (double)TypicalElements * (Counting.MultiplyAdds.Depth(node, Sizes) ?? TypicalDepth);

    private long[]? Sizes(string value) =>
        main.TryGetConstant(value, out var constant) ? [.. constant.Dims]
        // The sizes of constants that a DequantizeLinear reads are known even where those of activations are not.
        : main.Producer(value) is { OpType: "DequantizeLinear" } stored && main.TryGetConstant(stored.Input[0], out var codes) ? [.. codes.Dims]
        : tensors.GetValueOrDefault(value) is { Shape.Length: > 0, Elements: not null } tensor ? tensor.Shape
        : null;

    // Returns the number of elements of a value. A shape without dimensions counts as unknown, because ONNX Runtime reports a value of unknown rank as a
    // scalar, which no layer reads or writes.
    private long Elements(string value) =>
        tensors.GetValueOrDefault(value) is { Shape.Length: > 0 } tensor ? tensor.Elements ?? TypicalElements : TypicalElements;
}
