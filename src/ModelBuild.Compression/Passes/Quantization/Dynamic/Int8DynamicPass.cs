using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// The step <c>int8-dynamic</c>: int8 weights, activations quantized as they come, nothing to calibrate. Matches MatMul, Gemm and LSTM whose weights are
/// constant, in every scope. Never Conv: ONNX Runtime's ConvInteger is several times slower than float32.
/// Weights are symmetric S8, one scale for each output column.
/// </summary>
internal sealed class Int8DynamicPass(Int8DynamicOptions options) : IPass
{
    // DynamicQuantizeLinear (11) is the youngest operator used.
    private const int MinOpset = 11;

    public void Run(PassContext context)
    {
        if (context.Model.Opset() < MinOpset)
        {
            context.Report.Leave("all layers", $"the model's opset is {context.Model.Opset()}; dynamic quantization needs {MinOpset}");
            return;
        }

        var exclude = new NamePatterns(options.Exclude);
        var weights = new DynamicWeights(options.PerChannel);
        foreach (var scope in new Graph(context.Model).SelfAndSubgraphs())
        {
            var products = new DynamicMatMulRewriter(scope, weights);
            foreach (var node in scope.Nodes.ToArray())
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (!DynamicLayer.IsCandidate(node))
                    continue;
                if (exclude.Match(node.Name) || exclude.Match(node.Input[1]))
                    context.Report.Leave(DynamicLayer.Describe(node), "excluded by the recipe");
                else if (node.OpType == "LSTM")
                    RewriteLstm(context, scope, node, weights);
                else
                    RewriteProduct(context, scope, node, products);
            }
        }
    }

    private static void RewriteProduct(PassContext context, Graph scope, NodeProto node, DynamicMatMulRewriter products)
    {
        if (DynamicLayer.WhyNotProduct(scope, node) is { } why)
        {
            context.Report.Leave(DynamicLayer.Describe(node), why);
            return;
        }

        products.Rewrite(node);
        context.Report.Changed("matrix products quantized dynamically");
    }

    private static void RewriteLstm(PassContext context, Graph scope, NodeProto node, DynamicWeights weights)
    {
        if (DynamicLayer.WhyNotLstm(scope, node) is { } why)
        {
            context.Report.Leave(DynamicLayer.Describe(node), why);
            return;
        }

        DynamicLstmRewriter.Rewrite(scope, node, weights);
        context.Model.ImportOpset("com.microsoft", 1);
        context.Report.Changed("LSTMs quantized dynamically");
    }
}
