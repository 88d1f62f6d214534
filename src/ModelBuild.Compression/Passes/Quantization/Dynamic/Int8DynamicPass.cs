using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// The step <c>int8-dynamic</c>: int8 weights, and activations that are quantized in each call, without calibration. It rewrites MatMul, Gemm, LSTM and
/// com.microsoft.Attention with constant weights, and Gather of rows of constant tables, in every scope. Conv is skipped, because ONNX Runtime's ConvInteger
/// is several times slower than float32; GRU and RNN are skipped, because they have no dynamically quantized form there. Weights are symmetric S8 with one
/// scale for each output column or row of a table.
/// </summary>
internal sealed class Int8DynamicPass(Int8DynamicOptions options) : IPass
{
    // The lowest opset of the pass: DynamicQuantizeLinear, its newest operator, exists from opset 11 on.
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
        HashSet<NodeProto> kept = [];
        if (options.Outliers > 0 && context.Calibration is { Fit: not null } calibration)
            kept = SplitOutliers(context, main, calibration);
        context.Layers.KeepReference(context.Model);
        var products = new List<Func<QuantizedLayer>>();
        var undefined = UndefinedValues.Of(main);
        foreach (var scope in main.SelfAndSubgraphs())
        {
            var activations = new DynamicActivations(scope);
            foreach (var node in scope.Nodes.ToArray())
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                if (kept.Contains(node) || !IsCandidate(scope, node))
                    continue;
                if ((IsExcluded(node) ? Refusal.Excluded : WhyNot(scope, node, undefined)) is { } why)
                {
                    context.Report.Leave(NodeLabel.Of(node), why);
                    continue;
                }

                var (name, form) = (node.Name, DynamicGatherRewriter.IsLookup(node) ? NodeForm.StoredInt8 : NodeForm.Integer);
                context.Report.Changed(Rewrite(context, scope, node, activations, products));
                context.Report.Reform([name], form);
            }
        }

        context.Layers.Add(products);
    }

    // Separates columns with outliers from products. Returns the new products of these columns, which stay in float32.
    private HashSet<NodeProto> SplitOutliers(PassContext context, Graph main, ICalibrationContext calibration)
    {
        var undefined = UndefinedValues.Of(main);
        NodeProto[] products =
        [
            .. main.Nodes.Where(node => WeightedOperator.IsLinearProduct(node) && DynamicLayer.IsQuantizable(main, node, undefined) && !IsExcluded(node)),
        ];
        var values = products.Select(node => node.Input[0]).Distinct(StringComparer.Ordinal).ToArray();
        if (values.Length == 0)
            return [];
        var request = new StatisticsRequest(values, Histograms: false, values.ToDictionary(value => value, _ => -1, StringComparer.Ordinal));
        var statistics = calibration.Collect(context.Model, request, context.CancellationToken);
        var outliers = new OutlierColumns(main, options.Outliers);
        context.Report.Changed("products with outlier columns in float", outliers.Split(products, statistics));
        return outliers.Products;
    }

    private bool IsCandidate(Graph scope, NodeProto node) =>
        DynamicLayer.IsCandidate(node) || DynamicAttentionRewriter.IsCandidate(node) || (options.Embeddings && DynamicGatherRewriter.IsCandidate(scope, node));

    // Returns whether no other node reads the weight. A solver fits a weight to the inputs of one product, so it cannot change a weight that several products
    // share.
    private static bool IsAlone(OnnxModel reference, NodeProto source) => new Graph(reference).Consumers(source.Input[1]).Count == 1;

    // Describes a quantized product with its float32 weights, which are read from the reference model.
    private static DynamicProduct Product(PassContext context, NodeProto source, NodeProto node, DynamicWeights.Names names)
    {
        var tensor = new Graph(context.Layers.Reference!).Constant(source.Input[1]);
        var alpha = WeightedOperator.Of(source).Alpha(source);
        var weights = WeightMatrix.Of(WeightLayout.Of(source, tensor), tensor, alpha);
        return DynamicProduct.Of(source, node.Input[0], new Graph(context.Model), names, weights);
    }

    private bool IsExcluded(NodeProto node) => _exclude.Match(node.Name) || _exclude.Match(node.Input[WeightedOperator.Of(node).WeightInput]);

    private Refusal? WhyNot(Graph scope, NodeProto node, UndefinedValues undefined) =>
        WeightedOperator.Of(node).Kind switch
        {
            WeightedKind.Embedding => DynamicGatherRewriter.WhyNot(
                scope,
                node,
                (graph, other) => DynamicLayer.IsQuantizable(graph, other, undefined) && !IsExcluded(other)
            ),
            WeightedKind.Attention => DynamicAttentionRewriter.WhyNot(scope, node) ?? undefined.WhyNot(scope, node.Input[0]),
            _ => DynamicLayer.WhyNot(scope, node) ?? undefined.WhyNot(scope, node.Input[0]),
        };

    /// <returns>The effect, with the text that receipts use.</returns>
    private string Rewrite(PassContext context, Graph scope, NodeProto node, DynamicActivations activations, List<Func<QuantizedLayer>> products)
    {
        switch (WeightedOperator.Of(node).Kind)
        {
            case WeightedKind.Embedding:
                DynamicGatherRewriter.Rewrite(scope, node, _weights);
                return "embeddings stored in int8";
            case WeightedKind.Attention:
                DynamicAttentionRewriter.Rewrite(scope, node, activations, _weights);
                return "attentions quantized dynamically";
            case WeightedKind.Recurrent:
                DynamicLstmRewriter.Rewrite(scope, node, _weights);
                scope.Model.ImportOpset(Domains.Microsoft, 1);
                return "LSTMs quantized dynamically";
            default:
                var weights = new DynamicMatMulRewriter(scope, activations, _weights).Rewrite(node);
                if (context.Layers.Source(node.Output[0]) is { } source && IsAlone(context.Layers.Reference!, source))
                    products.Add(() => Product(context, source, node, weights));
                return "matrix products quantized dynamically";
        }
    }
}
