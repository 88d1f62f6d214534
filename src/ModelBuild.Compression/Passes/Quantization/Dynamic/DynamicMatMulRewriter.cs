using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Replaces Y = X · W by Cast(MatMulInteger(Xq, Wq, Xzp)) · (Xscale · Wscale), with Xq, Xscale, Xzp = DynamicQuantizeLinear(X), which ONNX Runtime fuses into
/// one DynamicQuantizeMatMul. Gemm's transposition, alpha and beta are applied to its constants first; its bias is added after the product. Products of the
/// same X share the quantized X, and nodes that share a weight share the quantized weight.
/// </summary>
internal sealed class DynamicMatMulRewriter(Graph scope, DynamicActivations activations, DynamicWeights weights)
{
    /// <summary>Rewrites a product for which <see cref="DynamicLayer.WhyNot"/> returns null.</summary>
    /// <returns>The names of the initializers of its weights.</returns>
    public DynamicWeights.Names Rewrite(NodeProto node)
    {
        var found = WeightedOperator.Of(node);
        var replacement = new List<NodeProto>();
        var input = node.Input[0];
        if (found.IsInputTransposed(node))
        {
            input = scope.FreshName($"{input}_transposed");
            replacement.Add(Nodes.Create("Transpose", [node.Input[0]], [input], attributes: ("perm", new long[] { 1, 0 })));
        }

        var x = activations.Of(input, replacement);
        var w = weights.Product(scope, node.Input[1], found.IsWeightTransposed(node), found.Alpha(node));
        var result = node.Output[0];
        var hasBias = found.BiasInput is { } bias && node.InputAt(bias).Length > 0 && found.Beta(node) != 0;
        var (product, real, scale) = (scope.FreshName($"{result}_int32"), scope.FreshName($"{result}_float"), scope.FreshName($"{result}_scale"));
        var scaled = hasBias ? scope.FreshName($"{result}_product") : result;
        replacement.Add(Nodes.Create("MatMulInteger", [x.Values, w.Values, x.ZeroPoint, w.ZeroPoint], [product], node.Name));
        replacement.Add(Nodes.Create("Cast", [product], [real], attributes: ("to", (long)DataType.Float)));
        replacement.Add(Nodes.Create("Mul", [x.Scale, w.Scale], [scale]));
        replacement.Add(Nodes.Create("Mul", [real, scale], [scaled]));
        if (hasBias)
            replacement.Add(Nodes.Create("Add", [scaled, Bias(node, replacement)], [result]));
        scope.Replace(node, [.. replacement]);
        return w;
    }

    private string Bias(NodeProto gemm, List<NodeProto> nodes)
    {
        var (bias, beta) = (gemm.Input[2], WeightedOperator.Of(gemm).Beta(gemm));
        if (beta == 1)
            return bias;
        var (factor, scaled) = (scope.FreshName($"{bias}_beta"), scope.FreshName($"{bias}_scaled"));
        scope.AddInitializer(Tensors.Create<float>(factor, [], [beta]));
        nodes.Add(Nodes.Create("Mul", [bias, factor], [scaled]));
        return scaled;
    }
}
