using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Normalization;

/// <summary>
/// The gradient of SkipLayerNormalization and SkipSimplifiedLayerNormalization, which normalize the sum of the input, the skipped value and the bias over the
/// last axis. The sum is the fourth output, which may have a gradient as well.
/// </summary>
/// <param name="isCentred">Whether the operator subtracts the mean.</param>
internal sealed class SkipLayerNormalizationGradient(bool isCentred) : IGradient
{
    private const int SumOutput = 3;

    public string? WhyNot(GradientNode node) => OtherOutputs.WhyNot(node, 1, 2);

    public void Differentiate(GradientNode node)
    {
        var (beta, bias) = isCentred ? (3, 4) : (-1, 3);
        var sum = node.Output(SumOutput) is { Length: > 0 } known ? known : node.AddOutput(SumOutput, "sum");
        var total = node.FindGradient(SumOutput);
        if (node.FindGradient(0) is { } gradient)
        {
            var axis = node.Rank(node.Input(0)) - 1L;
            var normalized = NormalizedValue.Of(node, sum, [axis], node.Node.GetFloat("epsilon", 1e-12f), isCentred);
            if (node.Needs(2))
                AddSum(node, 2, node.Emit("Mul", [gradient, normalized.Value]));
            if (beta > 0 && node.Needs(beta))
                AddSum(node, beta, gradient);
            var own = normalized.InputGradient(node, node.Emit("Mul", [gradient, node.Input(2)]));
            total = total is null ? own : node.Emit("Add", [own, total]);
        }

        foreach (var input in (int[])[0, 1, bias])
            if (node.Needs(input))
                AddSum(node, input, total!);
    }

    private static void AddSum(GradientNode node, int input, string gradient) => node.Add(input, node.SumToShape(gradient, node.Input(0), node.Input(input)));
}
