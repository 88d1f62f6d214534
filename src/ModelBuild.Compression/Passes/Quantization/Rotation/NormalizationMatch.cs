using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>Finds the normalizations of a graph, which are one operator or consist of several operators.</summary>
/// <param name="main">The main graph.</param>
/// <param name="sizes">The shapes of its values.</param>
internal sealed class NormalizationMatch(Graph main, ValueSizes sizes)
{
    /// <summary>Returns all normalizations, in the order of the nodes.</summary>
    public IReadOnlyList<Normalization> All() => [.. main.Nodes.Select(Match).OfType<Normalization>()];

    private Normalization? Match(NodeProto node) =>
        (Domains.Normalize(node.Domain), node.OpType) switch
        {
            ("", "LayerNormalization") when IsLast(node.GetInt("axis", -1), node.Input[0]) => Operator(node, 1, 2),
            ("", "RMSNormalization" or "SimplifiedLayerNormalization") when IsLast(node.GetInt("axis", -1), node.Input[0]) => Operator(node, 1, null),
            (Domains.Microsoft, "SkipLayerNormalization") => Operator(node, 2, 3),
            (Domains.Microsoft, "SkipSimplifiedLayerNormalization") => Operator(node, 2, null),
            ("", "Pow" or "Mul") => Decomposed(node),
            _ => null,
        };

    private static Normalization Operator(NodeProto node, int gain, int? shift) =>
        new(
            node,
            [node],
            node.Output[0],
            new ConstantUse(node, gain),
            shift is { } index && node.InputAt(index).Length > 0 ? new ConstantUse(node, index) : null
        );

    // Matches a normalization x / √(mean(x²) + ε), beginning at the node that computes the square.
    private Normalization? Decomposed(NodeProto square)
    {
        var source = square.Input[0];
        var isSquare = square.OpType == "Pow" ? Number(square.Input[1]) == 2 : square.Input[1] == source;
        if (
            !isSquare
            || Next(square, "ReduceMean") is not { } mean
            || !IsMean(mean)
            || Next(mean, "Add") is not { } sum
            || !sum.Input.Any(input => Number(input) is not null)
            || Next(sum, "Sqrt") is not { } root
            || Quotient(root, source) is not { } quotient
        )
            return null;
        NodeProto[] entrances = [square, quotient];
        if (main.Producer(source) is { } centre && centre.Is("Sub") && IsCentred(centre, entrances))
            entrances = [centre, main.Producer(centre.Input[1])!];
        var gain = Parameter(quotient, "Mul");
        var shift = gain is null ? null : Parameter(gain.Node, "Add");
        return new Normalization(quotient, entrances, (shift?.Node ?? gain?.Node ?? quotient).Output[0], gain, shift);
    }

    // Returns the node that divides the source by the root; null if there is none.
    private NodeProto? Quotient(NodeProto root, string source)
    {
        if (Next(root, "Div") is { } division)
        {
            if (division.Input[0] == source && division.Input[1] == root.Output[0])
                return division;
            return Number(division.Input[0]) == 1 ? Product(division, source) : null;
        }

        return Next(root, "Reciprocal") is { } reciprocal ? Product(reciprocal, source) : null;
    }

    private NodeProto? Product(NodeProto factor, string source) => Next(factor, "Mul") is { } product && product.Input.Contains(source) ? product : null;

    private bool IsCentred(NodeProto centre, NodeProto[] readers) =>
        main.Producer(centre.Input[1]) is { } mean
        && mean.Is("ReduceMean")
        && mean.Input[0] == centre.Input[0]
        && IsMean(mean)
        && main.Consumers(mean.Output[0]).Count == 1
        && !main.IsOutputAnywhere(centre.Output[0])
        && main.Consumers(centre.Output[0]).All(use => readers.Contains(use.Node, ReferenceEqualityComparer.Instance));

    // Returns the constant vector of the node that alone reads another node's result; null if there is none.
    private ConstantUse? Parameter(NodeProto node, string operation)
    {
        if (Next(node, operation) is not { } next)
            return null;
        var index = next.Input[0] == node.Output[0] ? 1 : 0;
        return main.IsConstant(next.Input[index]) && sizes.Last(next.Input[index]) == sizes.Last(node.Output[0]) ? new ConstantUse(next, index) : null;
    }

    private NodeProto? Next(NodeProto node, string operation) =>
        main.Consumers(node.Output[0]) is [var use] && ReferenceEquals(use.Graph, main) && !main.IsOutputAnywhere(node.Output[0]) && use.Node.Is(operation)
            ? use.Node
            : null;

    private bool IsMean(NodeProto mean) =>
        mean.GetInt("keepdims", 1) == 1 && (sizes.Integers(mean.InputAt(1)) ?? mean.GetInts("axes")) is [var axis] && IsLast(axis, mean.Input[0]);

    private bool IsLast(long axis, string value) => axis == -1 || (sizes.Of(value) is { } shape && axis == shape.Length - 1);

    private double? Number(string value) => main.TryGetConstant(value, out var tensor) && tensor.ElementCount() == 1 ? tensor.ToFloats()[0] : null;
}
