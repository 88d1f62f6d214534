namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>
/// The gradient of Relu: it passes where the output is positive. HardSigmoid with a steep slope is 1 there and 0 elsewhere; ONNX Runtime computes it several
/// times faster than a comparison or a sign.
/// </summary>
internal sealed class ReluGradient : IGradient
{
    private const float Slope = 1e30f;

    public void Differentiate(GradientNode node) =>
        node.Add(0, node.Emit("Mul", [node.Gradient(), node.Emit("HardSigmoid", [node.Output()], ("alpha", Slope), ("beta", 0f))]));
}
