using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>A loss that is the sum of several losses.</summary>
/// <param name="losses">The losses.</param>
internal sealed class LossSum(IReadOnlyList<ILoss> losses) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph) => [.. losses.SelectMany(loss => loss.Append(graph))];
}
