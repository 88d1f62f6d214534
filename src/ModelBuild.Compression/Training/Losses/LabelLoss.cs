using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The cross-entropy of the labels: the mean of −log softmax(s) at the class of each row. Rows without a label do not count.</summary>
/// <param name="scores">The value with the scores before softmax, [rows, classes], with or without further dimensions of size 1.</param>
/// <param name="weight">The factor of the term.</param>
internal sealed class LabelLoss(string scores, float weight) : ILoss
{
    // A small number that is added to the number of labels, so that a batch in which no row has a label is not divided by zero.
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var sizes = graph.Describe(scores).Shape;
        var labels = graph.AddLabels(sizes[0]);
        // The one-hot labels, [rows, classes]. A class that does not exist, such as −1 for rows without a label, has a row of zeros.
        var chosen = graph.OneHot(labels, sizes[1]);
        var logarithms = graph.Emit("LogSoftmax", [graph.Emit("Flatten", [scores], ("axis", 1L))], ("axis", 1L));
        var sum = graph.Emit("ReduceSum", [graph.Emit("Mul", [chosen, logarithms])], ("keepdims", 0L));
        var count = graph.Emit("Add", [graph.Emit("ReduceSum", [chosen], ("keepdims", 0L)), graph.Number(Smallest)]);
        return [new LossTerm("labels", graph.Emit("Neg", [sum]), weight) { Divisor = count }];
    }
}
