using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>The gradient of ReduceL2: the derivative is x/y, and 0 where the output y is 0.</summary>
internal sealed class ReduceL2Gradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var safe = node.Emit("Max", [node.Output(), node.Number(1e-30f)]);
        var scaled = node.Quotient(node.Gradient(), safe);
        node.Add(0, node.Product(Reductions.KeepDimensions(node, scaled), node.Input(0)));
    }
}
