using Google.Protobuf;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Merges nodes of a scope that compute the same value: the same operator on the same inputs with the same attributes. Operators that draw random numbers and
/// nodes with subgraphs are skipped. So are conversions to and from integers, because ONNX Runtime fuses a conversion only if it has one reader.
/// </summary>
internal sealed class CommonSubexpressions : IGraphRewrite
{
    // The largest size of a node's attributes in bytes. Nodes with larger attributes are not compared.
    private const int MaxAttributeBytes = 4096;

    private static readonly HashSet<string> Unlike =
    [
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Multinomial",
        "Bernoulli",
        "Dropout",
        "QuantizeLinear",
        "DequantizeLinear",
        "Constant",
        "Identity",
    ];

    public string Effect => "repeated computations shared";

    public int Apply(Graph main, CancellationToken cancellationToken) => main.SelfAndSubgraphs().Sum(Share);

    private static int Share(Graph scope)
    {
        var count = 0;
        var known = new Dictionary<ByteString, NodeProto>();
        foreach (var node in scope.Nodes.ToArray())
            if (Key(node) is { } key && !known.TryAdd(key, node) && Merge(scope, node, known[key]))
                count++;
        return count;
    }

    // Returns the bytes by which equal nodes are found: the node without its name and output names, so its operator, inputs and attributes; null for nodes that
    // are not compared.
    private static ByteString? Key(NodeProto node)
    {
        // Operators of other domains are not compared, because only the operators of ONNX itself are known to be deterministic.
        if (
            !node.IsStandard()
            || Unlike.Contains(node.OpType)
            || node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0)
            || node.Attribute.Sum(attribute => attribute.CalculateSize()) > MaxAttributeBytes
        )
            return null;
        var key = new NodeProto { OpType = node.OpType };
        key.Input.AddRange(node.Input);
        key.Attribute.AddRange(node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal));
        key.Output.AddRange(node.Output.Select(output => output.Length > 0 ? "x" : ""));
        return key.ToByteString();
    }

    private static bool Merge(Graph scope, NodeProto node, NodeProto kept)
    {
        var pairs = node.Output.Zip(kept.Output).Where(pair => pair.First.Length > 0).ToArray();
        if (pairs.Any(pair => scope.IsOutputAnywhere(pair.First) || !scope.CanReplaceUses(pair.First, pair.Second)))
            return false;
        scope.Remove(node);
        foreach (var (value, same) in pairs)
            scope.ReplaceUses(value, same);
        return true;
    }
}
