namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>
/// The gradient of RNN, h = tanh(x·W + h₋·R + b). With H = ∂L/∂h, the gradient of the products is H·(1 − h²), and that of h₋ is this gradient times R.
/// </summary>
internal sealed class RnnGradient : IGradient
{
    public string? WhyNot(GradientNode node) => RecurrentLayer.WhyNot(node, "Tanh");

    public void Differentiate(GradientNode node) => RecurrentLayer.Differentiate(node, direction => Differentiate(node, direction));

    private static RecurrentGradients Differentiate(GradientNode node, RecurrentDirection direction)
    {
        var one = node.Number(1);
        var factor = direction.Masked(node.Emit("Sub", [one, node.Emit("Mul", [direction.Hidden, direction.Hidden])]));
        var loop = new ScanLoop(node, isBackwards: true);
        var hidden = loop.State(direction.LastGradient(1));
        var own = direction.HiddenGradient() is { } gradient ? loop.Emit("Add", [hidden, loop.Read(gradient)]) : hidden;
        var product = loop.Emit("Mul", [own, loop.Read(factor)]);
        var back = loop.Emit("MatMul", [product, direction.HiddenWeights]);
        // At time steps outside of a sequence, the forward state is copied unchanged, so its gradient is also passed on unchanged.
        if (direction.Mask is { } mask)
            back = loop.Emit("Add", [back, loop.Emit("Mul", [hidden, loop.Emit("Sub", [one, loop.Read(mask)])])]);
        loop.Update(hidden, back);
        loop.Write(product);
        var results = loop.Run();
        var rows = direction.Rows(results[1], direction.Size);
        var weights = direction.WeightGradient(rows, direction.Rows(direction.Previous, direction.Size));
        return new RecurrentGradients(rows, rows, weights, results[0]);
    }
}
