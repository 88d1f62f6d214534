using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The squared error of an output relative to the teacher's signal: Σ(s − t)² / Σt² over the batch.</summary>
/// <param name="output">The output.</param>
internal sealed class SquaredErrorLoss(string output) : ILoss
{
    // The signal of a batch may be zero.
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var target = graph.AddTeacher(output);
        var error = graph.Emit("ReduceSumSquare", [graph.Emit("Sub", [output, target])], ("keepdims", 0L));
        var signal = graph.Emit("Add", [graph.Emit("ReduceSumSquare", [target], ("keepdims", 0L)), graph.Number(Smallest)]);
        return [new LossTerm($"error of {output}", graph.Emit("Div", [error, signal]), 1)];
    }
}
