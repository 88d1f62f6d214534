using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// Replaces Gather of rows of a constant table [rows, columns] by com.microsoft.GatherBlockQuantized, which converts only the requested rows to float32. A
/// table that a product multiplies as well (tied embeddings) is stored once for both; <see cref="WeightStorage"/> stores a table that has other readers.
/// </summary>
internal sealed class EmbeddingWriter(BlockSettings settings, ProductWriter products, PassContext context)
{
    // The estimated number of names and attributes that the new operator and its initializers add to the file.
    private const int Parts = 4;

    private readonly NamePatterns _exclude = new(settings.Exclude);

    /// <summary>Rewrites all embeddings of the graph for which the file becomes smaller.</summary>
    public void Run(Graph main)
    {
        foreach (var site in WeightSites.Find(main).Where(site => site.Tensor.Dims.Count == 2))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var uses = site.Scope.Consumers(site.Name);
            if (uses.All(IsRowGather) && WhyNot(site) is null)
                Rewrite(site, uses);
        }
    }

    private bool IsRowGather(ValueUse use) =>
        WeightedOperator.Find(use.Node)?.Kind == WeightedKind.Embedding && use.Index == 0 && use.Node.GetInt("axis") == 0 && !_exclude.Match(use.Node.Name);

    private Refusal? WhyNot(WeightSite site)
    {
        var count = site.Tensor.ElementCount();
        return StoredWeights.WhyNot(site, count * settings.Bits / 8 + count / settings.BlockSize * 5, Parts, _exclude)
            ?? Refusal.OfNotFinite(site.Tensor.Span<float>());
    }

    private void Rewrite(WeightSite site, IReadOnlyList<ValueUse> uses)
    {
        var (tensors, codes, blockSize, bits) = Tied(site) ?? Own(site);
        foreach (var (scope, node, _) in uses)
        {
            var gather = Nodes.Create(
                "GatherBlockQuantized",
                [codes, node.Input[1], tensors.Scales.Name],
                [node.Output[0]],
                node.Name,
                Domains.Microsoft,
                ("gather_axis", 0L),
                ("quantize_axis", 1L),
                ("block_size", (long)blockSize),
                ("bits", (long)bits)
            );
            if (tensors.ZeroPoints is { } zeroPoints)
                gather.Input.Add(zeroPoints.Name);
            scope.Replace(node, gather);
            context.Report.Changed($"embeddings quantized to {settings.Words(bits)}");
        }

        context.Model.ImportOpset(Domains.Microsoft, 1);
    }

    private (NBitsTensors Tensors, string Codes, int BlockSize, int Bits) Own(WeightSite site)
    {
        var weights = WeightMatrix.ByRows(site.Tensor, site.Tensor.Dims[0]);
        var blockSize = settings.BlockFor(weights.Columns);
        // Each element of an embedding gets its nearest code, without compensation of errors, because rows of an embedding are read and not summed.
        var encoded = EncodedWeights.Encode(weights, settings.WholeGrid(settings.Bits, blockSize), balanced: 0, context.CancellationToken);
        var tensors = new NBitsTensors(site.Scope, site.Name, encoded, settings.Bits, isTable: true);
        return (tensors, tensors.Codes.Name, blockSize, settings.Bits);
    }

    // Returns the codes of a product that shares the table. If no block is padded, the table has the same bytes as the product's weights, and only the shape
    // differs.
    private (NBitsTensors Tensors, string Codes, int BlockSize, int Bits)? Tied(WeightSite site)
    {
        var columns = site.Tensor.Dims[1];
        if (products.Find(site.Scope, site.Name) is not { } tied || columns % tied.BlockSize != 0)
            return null;
        var (shape, codes) = (site.Scope.FreshName($"{site.Name}_rows"), site.Scope.FreshName($"{site.Name}_table"));
        site.Scope.AddInitializer(Tensors.Create<long>(shape, [2], [site.Tensor.Dims[0], columns * tied.Bits / 8]));
        site.Scope.InsertBefore(site.Scope.Nodes[0], Nodes.Create("Reshape", [tied.Tensors.Codes.Name, shape], [codes]));
        return (tied.Tensors, codes, tied.BlockSize, tied.Bits);
    }
}
