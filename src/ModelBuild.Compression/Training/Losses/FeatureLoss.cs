using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The squared error of a value inside the model relative to the teacher's signal: Σ(M(s) − t)² / Σt² over the batch. M is the identity, or a learned 1×1 map
/// of the channels for another architecture (Romero et al., "FitNets: Hints for thin deep nets", 2015).
/// </summary>
/// <param name="pair">The value and that of the teacher.</param>
/// <param name="map">The learned map; null for the identity.</param>
/// <param name="weight">The factor of the term.</param>
internal sealed class FeatureLoss(FeaturePair pair, FeatureMap? map, float weight) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var value = map is null ? pair.Value : map.Append(graph, pair.Value);
        return [SquaredErrorLoss.Relative($"features of {pair.Value}", weight, graph, value, pair.Teacher.Add(graph, pair.Value))];
    }
}
