using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>ReduceProd: the derivative is the product of the other elements. An element 0 is the only one with a derivative, unless there is another.</summary>
internal sealed class ReduceProdGradient : IGradient
{
    public void Differentiate(GradientNode node)
    {
        var isZero = node.Equality(node.Input(0), node.Number(0));
        // The product is divided by each factor. Factors of 0 are replaced by 1, so that the division is possible.
        var nonzero = node.Sum(node.Input(0), isZero);
        var product = node.Emit("ReduceProd", Reductions.WithAxes(node, nonzero), Reductions.Attributes(node));
        var hasOnlyNonzeroOthers = node.Equality(Reductions.Sum(node, isZero), isZero);
        var derivative = node.Product(node.Quotient(product, nonzero), hasOnlyNonzeroOthers);
        node.Add(0, node.Product(Reductions.KeepDimensions(node, node.Gradient()), derivative));
    }
}
