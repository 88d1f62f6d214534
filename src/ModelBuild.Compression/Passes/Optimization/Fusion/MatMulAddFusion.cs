using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Replaces <c>MatMul</c> of matrices and <c>Add</c> of a bias by <c>Gemm</c>. ONNX Runtime does the same when it loads the model, before any other fusion.
/// Products of higher rank are not replaced, because ONNX Runtime's fusions for transformers match MatMul and Add there, and Gemm would need reshapes around
/// it.
/// </summary>
internal sealed class MatMulAddFusion() : Pattern<MatMulAddFusion.Product>("MatMul and Add merged into Gemm", "Add")
{
    internal sealed record Product(NodeProto MatMul, string Bias);

    protected override Product? Match(Site site) =>
        site.Opset >= 7 && site.Node.Input.Count == 2
            ? Match(site, site.Node.Input[0], site.Node.Input[1]) ?? Match(site, site.Node.Input[1], site.Node.Input[0])
            : null;

    protected override void Rewrite(Site site, Product match)
    {
        var gemm = Nodes.Create("Gemm", [match.MatMul.Input[0], match.MatMul.Input[1], match.Bias], [site.Node.Output[0]], match.MatMul.Name);
        site.Scope.Replace(site.Node, gemm);
        site.Scope.Remove(match.MatMul);
    }

    private static Product? Match(Site site, string value, string bias)
    {
        if (
            site.SoleProducer(value, "MatMul") is not { } product
            || site.Constant(product.Input[1]) is not { Dims: [_, var columns] } weight
            || (DataType)weight.DataType is not (DataType.Float or DataType.Double)
            || site.Rank(product.Input[0]) != 2
            || site.Constant(bias) is not { } tensor
        )
            return null;
        // The added tensor must be broadcast to the product, because Gemm broadcasts its bias to the product, and not the product to its bias.
        return tensor.Dims.Count <= 2 && tensor.ElementCount() is var count && (count == 1 || (count == columns && tensor.Dims[^1] == columns))
            ? new Product(product, bias)
            : null;
    }
}
