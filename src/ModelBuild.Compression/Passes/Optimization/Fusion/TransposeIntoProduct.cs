using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// Moves the transposition of a matrix operand of <c>Gemm</c> or <c>MatMul</c> into the attributes of Gemm. A MatMul with a constant second operand does not
/// change, because the quantization steps match MatMul in that form.
/// </summary>
internal sealed class TransposeIntoProduct() : Pattern<TransposeIntoProduct.Operands>("transposes folded into products", "Gemm", "MatMul")
{
    internal sealed record Operands(NodeProto? A, NodeProto? B);

    protected override Operands? Match(Site site)
    {
        var node = site.Node;
        if (
            !WeightedOperator.Of(node).HasFactors
            && (
                site.Opset < 11
                || site.Rank(node.Input[0]) != 2
                || site.Rank(node.Input[1]) != 2
                || site.Type(node.Input[0]) is not (DataType.Float or DataType.Double)
            )
        )
            return null;
        var a = site.Constant(node.Input[1]) is null ? Transposed(site, node.Input[0]) : null;
        var b = Transposed(site, node.Input[1]);
        return a is null && b is null ? null : new Operands(a, b);
    }

    protected override void Rewrite(Site site, Operands match)
    {
        var gemm = site.Node.Clone();
        gemm.OpType = "Gemm";
        if (match.A is not null)
            Toggle(gemm, 0, "transA", match.A);
        if (match.B is not null)
            Toggle(gemm, 1, "transB", match.B);
        site.Scope.Replace(site.Node, gemm);
    }

    private static void Toggle(NodeProto gemm, int input, string attribute, NodeProto transpose)
    {
        gemm.Input[input] = transpose.Input[0];
        gemm.SetAttribute(attribute, 1 - gemm.GetInt(attribute));
    }

    private static NodeProto? Transposed(Site site, string value) =>
        site.SoleProducer(value, "Transpose") is { } transpose && transpose.GetInts("perm") is null or [1, 0] ? transpose : null;
}
