using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// The steps <c>int4</c> and <c>int8-blocks</c>: weights in 4 or 8 bits with a scale for each block of inputs; activations do not change, and no data is
/// needed. MatMul and Gemm with constant weights, in every scope, become MatMulNBits (or <c>DequantizeLinear</c> and MatMul), embeddings become
/// GatherBlockQuantized, and other weights are stored in few bits. The product that computes the model's output keeps 8 bits.
/// </summary>
internal sealed class BlockQuantizationPass(BlockSettings settings) : IPass
{
    // The reason for a product whose weights are in an outer graph. ONNX Runtime reads the codes from the graph of the product, and fails to load the model if
    // that graph does not contain them.
    private static readonly Refusal OuterWeights = new(
        "ONNX Runtime fuses no DequantizeLinear with a product in a subgraph whose weights belong to an enclosing graph"
    );

    private static readonly Refusal StorageOnly = new("the recipe asks for storage only");

    private readonly NamePatterns _exclude = new(settings.Exclude);

    public void Run(PassContext context)
    {
        var main = new Graph(context.Model);
        context.Layers.KeepReference(context.Model);
        var layers = new BlockLayers(context.Layers.Reference!, main);
        var products = Products(main, context);
        var shared = products
            .GroupBy(item => (item.Product.Owner, item.Product.WeightName))
            .Where(group => group.Skip(1).Any() || group.Key.Owner.Consumers(group.Key.WeightName).Count > 1)
            .Select(group => group.Key)
            .ToHashSet();
        // Shared weights are stored instead of quantized in this format: ONNX Runtime does not fuse a DequantizeLinear whose codes have another reader, and
        // folds it to float32 when it loads the model.
        if (settings.Format == BlockFormat.Qdq)
            products.RemoveAll(item => shared.Contains((item.Product.Owner, item.Product.WeightName)));
        var writer = new ProductWriter(settings, context.CancellationToken);
        if (products.Count > 0)
            Rewrite(products, shared, writer, main, context, layers);
        if (settings.Format == BlockFormat.Matmulnbits)
            new EmbeddingWriter(settings, writer, context).Run(main);
        if (settings.Storage != StorageGranularity.None)
            new WeightStorage(settings, context, main, layers).Run();
        context.Layers.Add(layers.InOrder());
    }

    private void Rewrite(
        List<(BlockProduct Product, int Bits)> products,
        HashSet<(Graph Owner, string WeightName)> shared,
        ProductWriter writer,
        Graph main,
        PassContext context,
        BlockLayers layers
    )
    {
        if (settings.Format == BlockFormat.Qdq)
            OpsetUpgrade.Apply(main);
        else
            context.Model.ImportOpset(Domains.Microsoft, 1);
        foreach (var (product, bits) in products)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (node, packed) = writer.Write(product, bits);
            if (!shared.Contains((product.Owner, product.WeightName)))
                layers.Add(product, node, packed, settings.Balanced);
            context.Report.Changed($"matrix products quantized to {settings.Words(bits)}");
            context.Report.Reform([product.Node.Name], bits == 4 ? NodeForm.StoredInt4 : NodeForm.StoredInt8);
        }
    }

    private List<(BlockProduct Product, int Bits)> Products(Graph main, PassContext context)
    {
        var last = LastLayers.Find(main);
        var whyNone = settings.Format switch
        {
            BlockFormat.Stored => StorageOnly,
            BlockFormat.Qdq when OpsetUpgrade.WhyNot(main) is { } text => new Refusal(text),
            _ => null,
        };
        var products = new List<(BlockProduct, int)>();
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(WeightedOperator.IsLinearProduct))
        {
            var bits = last.Contains(node) ? settings.LastLayerBits : settings.Bits;
            var why = whyNone;
            BlockProduct? product = null;
            if (_exclude.Match(node.Name) || _exclude.Match(node.Input[1]))
                why = Refusal.Excluded;
            else
                why ??= BlockProduct.TryMatch(scope, node, bits, out product, out var whyNot) ? WhyNotHere(product) : whyNot;
            if (why is null)
                products.Add((product!, bits));
            // The reason is reported at this point only if the recipe stores no weights. Otherwise the code that stores weights reports the reason.
            else if (settings.Storage == StorageGranularity.None || why == OuterWeights)
                context.Report.Leave(NodeLabel.Of(node), why);
        }

        return products;
    }

    private Refusal? WhyNotHere(BlockProduct product) =>
        settings.Format == BlockFormat.Qdq && !ReferenceEquals(product.Scope, product.Owner) ? OuterWeights : null;
}
