using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>A loss whose term is multiplied by a learned factor.</summary>
/// <param name="loss">A loss with one term.</param>
/// <param name="factor">The factor.</param>
/// <param name="name">Receives the name of the term.</param>
internal sealed class LearnedLoss(ILoss loss, LossSetting factor, Action<string> name) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var term = loss.Append(graph).Single();
        name(term.Name);
        return [term with { Value = graph.Emit("Mul", [term.Value, graph.Read(factor)]) }];
    }
}
