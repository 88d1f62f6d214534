using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The error of an attention map of a transformer: the sum over keys of (s − t)², the mean over rows, heads and queries (Jiao et al., "TinyBERT", 2020, on
/// probabilities).
/// </summary>
/// <param name="pair">The output of Softmax, [rows, heads, queries, keys], and that of the teacher.</param>
/// <param name="weight">The factor of the term.</param>
internal sealed class AttentionMapLoss(FeaturePair pair, float weight) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var difference = graph.Emit("Sub", [pair.Value, pair.Teacher.Add(graph, pair.Value)]);
        var sums = graph.Emit("ReduceSum", [graph.Emit("Mul", [difference, difference]), graph.Integers(3)], ("keepdims", 0L));
        return [new LossTerm($"attention of {pair.Value}", graph.Emit("ReduceMean", [sums], ("keepdims", 0L)), weight)];
    }
}
