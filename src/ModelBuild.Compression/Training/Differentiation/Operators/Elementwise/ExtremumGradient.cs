namespace ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

/// <summary>The gradient of Max and Min of any number of inputs: it belongs to the inputs that are equal to the output, in equal shares.</summary>
internal sealed class ExtremumGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        if (node.InputCount == 1)
        {
            node.Add(0, node.Gradient());
            return;
        }

        var shares = Enumerable.Range(0, node.InputCount).Select(input => node.Equality(node.Input(input), node.Output())).ToArray();
        var share = node.Quotient(node.Gradient(), node.Emit("Sum", shares));
        for (var input = 0; input < shares.Length; input++)
            if (node.Needs(input))
                node.AddBroadcast(input, node.Product(share, shares[input]));
    }
}
