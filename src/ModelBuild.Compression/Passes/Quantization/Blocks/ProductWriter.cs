using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// Rewrites matrix products to MatMulNBits with the bias as an input, or to DequantizeLinear and MatMul. Weights that several nodes share are quantized once.
/// </summary>
internal sealed class ProductWriter(BlockSettings settings, CancellationToken cancellationToken)
{
    private readonly Dictionary<(Graph Owner, string Name, bool ByRows, float Factor, int Bits), PackedProduct> _packed = [];

    /// <summary>The packed weights of a product.</summary>
    /// <param name="Tensors">The initializers.</param>
    /// <param name="Rule">The rule that the grid of codes was computed by.</param>
    public sealed record PackedProduct(IBlockTensors Tensors, BlockGrid Rule);

    /// <summary>Replaces the node of a product. The new nodes compute the value with the same name.</summary>
    /// <returns>The new node that multiplies, and its weights.</returns>
    public (NodeProto Node, PackedProduct Packed) Write(BlockProduct product, int bits)
    {
        var packed = Pack(product, bits);
        var (scope, node) = (product.Scope, product.Node);
        var bias = ProductBias.Vector(scope, node, product.Weights.Rows);
        var addsRows = bias is null;
        var result = addsRows ? scope.FreshName($"{node.Output[0]}_product") : node.Output[0];
        List<NodeProto> nodes = packed.Tensors is NBitsTensors tensors
            ? [MatMulNBits(product, bits, packed, tensors, bias, result)]
            : Dequantized(product, packed, (DequantizedTensors)packed.Tensors, bias, result);
        var multiplication = nodes.First(made => WeightedOperator.FindAny(made)?.Kind == WeightedKind.Product);
        if (addsRows)
            AddRows(scope, node, result, nodes);
        scope.Replace(node, [.. nodes]);
        // The Transpose of the float weights is removed from the graph if it has no reader left.
        if (
            node.Input[1] != product.WeightName
            && scope.ScopeOf(node.Input[1]) is { } owner
            && owner.Consumers(node.Input[1]).Count == 0
            && !owner.IsOutputAnywhere(node.Input[1])
        )
            owner.Remove(owner.Producer(node.Input[1])!);
        return (multiplication, packed);
    }

    /// <summary>Returns the packed rows of a table if a product of that table has been rewritten; otherwise null.</summary>
    public (NBitsTensors Tensors, int BlockSize, int Bits)? Find(Graph owner, string name)
    {
        foreach (var (key, packed) in _packed)
            if (ReferenceEquals(key.Owner, owner) && key.Name == name && key is { ByRows: true, Factor: 1 } && packed.Tensors is NBitsTensors tensors)
                return (tensors, packed.Rule.BlockSize, key.Bits);
        return null;
    }

    private PackedProduct Pack(BlockProduct product, int bits)
    {
        var weights = product.Weights;
        var key = (product.Owner, product.WeightName, weights.InputsBefore == 1, weights.Factor, bits);
        if (_packed.TryGetValue(key, out var known))
            return known;
        var rule = settings.WholeGrid(bits, settings.BlockFor(weights.Columns));
        var encoded = EncodedWeights.Encode(weights, rule, settings.Balanced ? 1 : 0, cancellationToken);
        IBlockTensors tensors =
            settings.Format == BlockFormat.Matmulnbits
                ? new NBitsTensors(product.Owner, product.WeightName, encoded, bits, isTable: false)
                // The codes are stored in the graph of the product, because ONNX Runtime fuses a DequantizeLinear into a product only if its codes are in the
                // same graph.
                : new DequantizedTensors(product.Scope, product.WeightName, encoded, bits);
        return _packed[key] = new PackedProduct(tensors, rule);
    }

    private NodeProto MatMulNBits(BlockProduct product, int bits, PackedProduct packed, NBitsTensors tensors, float[]? bias, string result)
    {
        var node = Nodes.Create(
            "MatMulNBits",
            [product.Node.Input[0], tensors.Codes.Name, tensors.Scales.Name],
            [result],
            product.Node.Name,
            Domains.Microsoft,
            ("K", (long)product.Weights.Columns),
            ("N", (long)product.Weights.Rows),
            ("bits", (long)bits),
            ("block_size", (long)packed.Rule.BlockSize),
            ("accuracy_level", (long)settings.AccuracyLevel)
        );
        if (tensors.ZeroPoints is { } zeroPoints)
            node.Input.Add(zeroPoints.Name);
        if (bias is null || !ProductBias.Exists(product.Node))
            return node;
        while (node.Input.Count < BiasInput)
            node.Input.Add("");
        node.Input.Add(BiasName(product, bias));
        return node;
    }

    /// <summary>The index of MatMulNBits's bias input.</summary>
    public const int BiasInput = 5;

    private static List<NodeProto> Dequantized(BlockProduct product, PackedProduct packed, DequantizedTensors tensors, float[]? bias, string result)
    {
        var (scope, node) = (product.Scope, product.Node);
        // Each product gets its own DequantizeLinear for the weights, because ONNX Runtime fuses the node only if it has one reader.
        var weights = scope.FreshName($"{product.WeightName}_dequantized");
        List<string> inputs = [tensors.Codes.Name, tensors.Scales.Name];
        if (tensors.ZeroPoints is { } zeroPoints)
            inputs.Add(zeroPoints.Name);
        var hasBias = bias is not null && ProductBias.Exists(node);
        var multiplied = hasBias ? scope.FreshName($"{result}_product") : result;
        List<NodeProto> nodes =
        [
            Nodes.Create("DequantizeLinear", inputs, [weights], attributes: [("axis", 0L), ("block_size", (long)packed.Rule.BlockSize)]),
            Nodes.Create("MatMul", [node.Input[0], weights], [multiplied], node.Name),
        ];
        if (hasBias)
            nodes.Add(Nodes.Create("Add", [multiplied, BiasName(product, bias!)], [result]));
        return nodes;
    }

    // Returns the name of the constant bias of a Gemm: its third input if that already is the bias, or a new initializer.
    private static string BiasName(BlockProduct product, float[] bias)
    {
        var (scope, name) = (product.Scope, product.Node.Input[2]);
        if (scope.TryGetConstant(name, out var tensor) && tensor.Dims.Count == 1 && tensor.Span<float>().SequenceEqual(bias))
            return name;
        var own = scope.FreshName($"{name}_bias");
        scope.AddInitializer(Tensors.Create(own, [bias.Length], bias));
        return own;
    }

    private static void AddRows(Graph scope, NodeProto gemm, string product, List<NodeProto> nodes)
    {
        var (added, beta) = (gemm.Input[2], WeightedOperator.Of(gemm).Beta(gemm));
        if (beta != 1)
        {
            var (factor, scaled) = (scope.FreshName($"{added}_beta"), scope.FreshName($"{added}_scaled"));
            scope.AddInitializer(Tensors.Create<float>(factor, [], [beta]));
            nodes.Add(Nodes.Create("Mul", [added, factor], [scaled]));
            added = scaled;
        }

        nodes.Add(Nodes.Create("Add", [product, added], [gemm.Output[0]]));
    }
}
