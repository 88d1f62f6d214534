using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Quantization;

/// <summary>
/// The gradient of QuantizeLinear with learned step sizes (Esser et al., 2020). With the gradient G of the number x̂ that the integers represent, and a mask m
/// that is 1 where x lies within the range of the integers: ∂L/∂x = G·m, which ignores the rounding, and ∂L/∂s = Σ G·(x̂ − x·m)/s.
/// </summary>
internal sealed class QuantizeGradient : IGradient
{
    // The factor by which the range of a quantizer is widened, so that rounding excludes no number at its ends.
    private const float Widening = 1 + 1e-6f;

    public string? WhyNot(GradientNode node) => Range(node) is null ? "its integers have neither 8 nor 16 bits" : null;

    public void Differentiate(GradientNode node)
    {
        var layout = new ScaleLayout(node);
        var (x, gradient) = (layout.View(node.Input(0)), layout.View(node.Gradient()));
        var mask = Mask(node, layout, x);
        if (node.Needs(0))
            node.Add(0, layout.Restore(node.Product(gradient, mask)));
        if (node.Needs(1))
        {
            var change = node.Difference(layout.View(Dequantized(node)), node.Product(x, mask));
            node.Add(1, node.Quotient(layout.Sum(node.Product(gradient, change)), node.Input(1)));
        }
    }

    // Returns a mask with 1 where an element is within the range of the quantizer: its distance from the centre of the range is at most half of its width.
    private static string Mask(GradientNode node, ScaleLayout layout, string x)
    {
        var (low, high) = Range(node)!.Value;
        var scale = layout.Spread(node.Input(1));
        var middle = node.Number((low + high) / 2f);
        if (node.Has(2))
            middle = node.Difference(middle, layout.Spread(node.Emit("Cast", [node.Input(2)], ("to", (long)DataType.Float))));
        var distance = node.Of("Abs", node.Difference(x, node.Product(scale, middle)));
        var rest = node.Difference(node.Product(scale, (high - low) / 2f * Widening), distance);
        return node.Emit("HardSigmoid", [rest], ("alpha", 1e30f), ("beta", 1f));
    }

    // Returns the dequantized output of a quantizer. If the model already has a DequantizeLinear for the output, the result is the output of that node.
    private static string Dequantized(GradientNode node)
    {
        string[] inputs = [node.Output(), node.Input(1), .. node.Has(2) ? [node.Input(2)] : Array.Empty<string>()];
        return node.Backward.Graph.Consumers(node.Output())
                .Select(use => use.Node)
                .FirstOrDefault(reader => reader is not null && IntegerPath.IsDequantizer(reader) && reader.Input.SequenceEqual(inputs))
                ?.Output[0]
            ?? node.EmitAll("DequantizeLinear", inputs, 1, node.Node.Domain, Layout(node))[0];
    }

    private static (string, object)[] Layout(GradientNode node) =>
        node.Node.GetInt("block_size") is > 0 and var block ? [("axis", node.Node.GetInt("axis", 1)), ("block_size", block)]
        : node.Rank(node.Input(1)) > 0 ? [("axis", node.Node.GetInt("axis", 1))]
        : [];

    private static (int Low, int High)? Range(GradientNode node) =>
        node.Type(node.Output()) switch
        {
            DataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            DataType.Uint8 => (byte.MinValue, byte.MaxValue),
            DataType.Int16 => (short.MinValue, short.MaxValue),
            DataType.Uint16 => (ushort.MinValue, ushort.MaxValue),
            _ => null,
        };
}
