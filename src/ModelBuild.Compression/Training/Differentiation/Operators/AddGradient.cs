namespace ModelBuild.Compression.Training.Differentiation.Operators;

/// <summary>The gradient of Add: each term has the gradient of the sum.</summary>
internal sealed class AddGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        for (var input = 0; input < 2; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, node.Gradient());
    }
}
