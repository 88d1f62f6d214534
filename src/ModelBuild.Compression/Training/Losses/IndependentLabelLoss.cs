using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The cross-entropy of probabilities that a sigmoid makes of each score by itself: the mean over rows of Σ softplus(s) − s at the class of the row. Rows
/// without a label do not count.
/// </summary>
/// <param name="scores">The value with the scores before sigmoid, [rows, classes], with or without further dimensions of size 1.</param>
internal sealed class IndependentLabelLoss(string scores) : ILoss
{
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var sizes = graph.Describe(scores).Shape;
        // The one-hot labels, [rows, classes]. Rows without a label have the class −1, whose one-hot row is zeros.
        var chosen = graph.OneHot(graph.AddLabels(sizes[0]), sizes[1]);
        var flat = graph.Emit("Flatten", [scores], ("axis", 1L));
        var loss = graph.Emit("Sub", [graph.Emit("Softplus", [flat]), graph.Emit("Mul", [chosen, flat])]);
        var counts = graph.Emit("ReduceSum", [chosen, graph.Integers(1)]);
        var sum = graph.Emit("ReduceSum", [graph.Emit("Mul", [loss, counts])], ("keepdims", 0L));
        var count = graph.Emit("Add", [graph.Emit("ReduceSum", [chosen], ("keepdims", 0L)), graph.Number(Smallest)]);
        return [new LossTerm("labels", sum, Weight: 1) { Divisor = count }];
    }
}
