namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Mean: each term has the gradient of the mean, divided by the number of terms.</summary>
internal sealed class MeanGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var share = node.Product(node.Gradient(), 1f / node.InputCount);
        for (var input = 0; input < node.InputCount; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, share);
    }
}
