using ModelBuild.Compression.Passes.Quantization.Dynamic.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// The step <c>int8-dynamic</c>: int8 weights, activations quantized as they come, nothing to calibrate. Matches MatMul, Gemm, LSTM and com.microsoft.Attention whose
/// weights are constant, and Gather of rows of constant tables, in every scope. Never Conv: ONNX Runtime's ConvInteger is several times slower than float32; nor
/// GRU and RNN, which have no dynamically quantized form there. Weights are symmetric S8, one scale for each output column or row of a table.
/// </summary>
internal sealed class Int8DynamicPass(Int8DynamicOptions options) : IPass
{
    // DynamicQuantizeLinear (11) is the youngest operator used.
    private const int MinOpset = 11;

    private readonly NamePatterns _exclude = new(options.Exclude);
    private readonly DynamicWeights _weights = new(options.PerChannel);

    public void Run(PassContext context)
    {
        if (context.Model.Opset() < MinOpset)
        {
            context.Report.Leave("all layers", $"the model's opset is {context.Model.Opset()}; dynamic quantization needs {MinOpset}");
            return;
        }

        var main = new Graph(context.Model);
        var undefined = UndefinedValues.Of(main);
        foreach (var scope in main.SelfAndSubgraphs())
        {
            var activations = new DynamicActivations(scope);
            foreach (var node in scope.Nodes.ToArray())
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (!IsCandidate(scope, node))
                    continue;
                if ((IsExcluded(node) ? "excluded by the recipe" : WhyNot(scope, node, undefined)) is { } why)
                    context.Report.Leave(DynamicLayer.Describe(node), why);
                else
                    context.Report.Changed(Rewrite(scope, node, activations));
            }
        }
    }

    private bool IsCandidate(Graph scope, NodeProto node) =>
        DynamicLayer.IsCandidate(node) || DynamicAttentionRewriter.IsCandidate(node) || (options.Embeddings && DynamicGatherRewriter.IsCandidate(scope, node));

    private bool IsExcluded(NodeProto node) => _exclude.Match(node.Name) || _exclude.Match(node.Input[node.Is("Gather") ? 0 : 1]);

    private string? WhyNot(Graph scope, NodeProto node, UndefinedValues undefined) => node.OpType switch
    {
        "Gather" => DynamicGatherRewriter.WhyNot(scope, node, (graph, other) => DynamicLayer.IsQuantizable(graph, other, undefined) && !IsExcluded(other)),
        "Attention" => DynamicAttentionRewriter.WhyNot(scope, node) ?? undefined.WhyNot(scope, node.Input[0]),
        _ => DynamicLayer.WhyNot(scope, node) ?? undefined.WhyNot(scope, node.Input[0]),
    };

    /// <returns>What was changed, in a receipt's words.</returns>
    private string Rewrite(Graph scope, NodeProto node, DynamicActivations activations)
    {
        switch (node.OpType)
        {
            case "Gather":
                DynamicGatherRewriter.Rewrite(scope, node, _weights);
                return "embeddings stored in int8";
            case "Attention":
                DynamicAttentionRewriter.Rewrite(scope, node, activations, _weights);
                return "attentions quantized dynamically";
            case "LSTM":
                DynamicLstmRewriter.Rewrite(scope, node, _weights);
                scope.Model.ImportOpset("com.microsoft", 1);
                return "LSTMs quantized dynamically";
            default:
                new DynamicMatMulRewriter(scope, activations, _weights).Rewrite(node);
                return "matrix products quantized dynamically";
        }
    }
}
