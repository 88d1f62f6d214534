using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Movement;

/// <summary>The gradient of ReverseSequence: the gradient is reversed in the same way as the input.</summary>
internal sealed class ReverseSequenceGradient : IGradient
{
    public void Differentiate(GradientNode node) =>
        node.Add(
            0,
            node.Emit(
                "ReverseSequence",
                [node.Gradient(), node.Input(1)],
                ("batch_axis", node.Node.GetInt("batch_axis", 1)),
                ("time_axis", node.Node.GetInt("time_axis"))
            )
        );
}
