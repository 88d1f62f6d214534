namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Sum: each term has the gradient of the sum.</summary>
internal sealed class SumGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        for (var input = 0; input < node.InputCount; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, node.Gradient());
    }
}
