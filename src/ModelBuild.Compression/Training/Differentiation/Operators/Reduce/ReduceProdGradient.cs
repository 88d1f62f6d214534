using ModelBuild.Compression.Training.Differentiation.Operators.Elementwise;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Reduce;

/// <summary>
/// The gradient of ReduceProd: the derivative is the product of the other elements. If one element is 0, only this element has a derivative other than 0. If
/// several are 0, none has one.
/// </summary>
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
