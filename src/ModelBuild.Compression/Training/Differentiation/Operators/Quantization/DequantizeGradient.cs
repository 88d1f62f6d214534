using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Quantization;

/// <summary>
/// The gradient of DequantizeLinear, y = s·(q − z). The gradient of quantized values is that of y, and the quantization adds the gradient of the scale. For
/// integers that do not change, ∂L/∂s = Σ G·(q − z), where G is the gradient of y.
/// </summary>
internal sealed class DequantizeGradient : IGradient
{
    public string? WhyNot(GradientNode node) =>
        node.Backward.Quantizer(node.Input(0)) is { } quantizer && !HasScaleOf(node, quantizer)
            ? "its scale and zero point are not those of the quantization"
            : null;

    public void Differentiate(GradientNode node)
    {
        if (node.Needs(0))
            node.Add(0, node.Gradient());
        if (!node.Needs(1))
            return;
        if (node.Backward.Quantizer(node.Input(0)) is null)
            node.Add(1, ScaleGradient(node));
        else
            node.AddNothing(1);
    }

    private static string ScaleGradient(GradientNode node)
    {
        var sizes = node.Sizes(node.Input(1));
        if (sizes.Any(size => size < 0))
            throw new NoGradientException("the sizes of its scale are not fixed");
        var layout = new ScaleLayout(node);
        var ones = node.Floats(sizes, [.. Enumerable.Repeat(1f, (int)sizes.Aggregate(1L, (a, b) => a * b))]);
        string[] inputs = [node.Input(0), ones, .. node.Node.Input.Skip(2)];
        var attributes = node.Node.Attribute.Select(attribute => (attribute.Name, (object)attribute.I)).ToArray();
        var integers = node.EmitAll("DequantizeLinear", inputs, 1, node.Node.Domain, attributes)[0];
        return layout.Sum(layout.View(node.Product(node.Gradient(), integers)));
    }

    private static bool HasScaleOf(GradientNode node, NodeProto quantizer)
    {
        var isDynamic = quantizer.OpType == "DynamicQuantizeLinear";
        return AreEqual(node, node.Input(1), isDynamic ? quantizer.Output[1] : quantizer.InputAt(1))
            && AreEqual(node, node.Input(2), isDynamic ? quantizer.Output[2] : quantizer.InputAt(2));
    }

    private static bool AreEqual(GradientNode node, string one, string other) =>
        one == other
        || (
            !node.Backward.Needs(one)
            && !node.Backward.Needs(other)
            && node.Backward.Graph.TryGetConstant(one, out var a)
            && node.Backward.Graph.TryGetConstant(other, out var b)
            && a.WithName("").Equals(b.WithName(""))
        );
}
