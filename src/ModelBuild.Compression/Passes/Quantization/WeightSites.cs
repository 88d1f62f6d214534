using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// Finds the weights of a model, in all scopes: the constant float32 operands of Conv, ConvTranspose, Gemm, MatMul, Gather, LSTM, GRU and RNN.
/// A weight that several operators share is found once, with the channels of its first use.
/// </summary>
internal static class WeightSites
{
    /// <summary>The weights in the order of their first use.</summary>
    public static IReadOnlyList<WeightSite> Find(Graph main)
    {
        var found = new HashSet<TensorKey>();
        var sites = new List<WeightSite>();
        foreach (var scope in main.SelfAndSubgraphs())
            foreach (var node in scope.Nodes)
                foreach (var (index, channels) in Operands(node))
                {
                    if (index >= node.Input.Count || node.Input[index] is not { Length: > 0 } name || !scope.TryGetConstant(name, out var tensor)
                        || tensor.DataType != (int)TensorProto.Types.DataType.Float || tensor.Dims.Count == 0)
                        continue;
                    var owner = scope.ScopeOf(name) ?? scope;
                    if (found.Add(new TensorKey(owner, name)))
                        sites.Add(new WeightSite(owner, name, tensor, channels(tensor.Dims.Count)));
                }

        return sites;
    }

    private readonly record struct TensorKey(Graph Scope, string Name);

    // Which inputs are weights, and along which axes each output has numbers of its own (ONNX operator specifications).
    private static IEnumerable<(int Input, Func<int, bool[]> Channels)> Operands(NodeProto node) => node.Domain is not ("" or "ai.onnx") ? [] : node.OpType switch
    {
        "Conv" => [(1, Only(0))],
        "ConvTranspose" => [(1, Only(1))],
        "Gemm" => [(0, AllButLast), (1, Only(node.GetInt("transB", 0) == 1 ? 0 : 1))],
        "MatMul" => [(0, AllButLast), (1, AllButSecondLast)],
        "Gather" => [(0, AllButLast)],
        "LSTM" or "GRU" or "RNN" => [(1, AllButLast), (2, AllButLast)],
        _ => [],
    };

    private static Func<int, bool[]> Only(int channel) => rank => [.. Enumerable.Range(0, rank).Select(axis => axis == channel)];

    private static bool[] AllButLast(int rank) => [.. Enumerable.Range(0, rank).Select(axis => axis != rank - 1)];

    private static bool[] AllButSecondLast(int rank) => [.. Enumerable.Range(0, rank).Select(axis => rank > 1 && axis != rank - 2)];
}
