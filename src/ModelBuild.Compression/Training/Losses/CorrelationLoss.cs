using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// One minus the correlation of the probabilities with those of the teacher: the mean over samples of the correlation over classes, and the mean over classes
/// of the correlation over samples (DIST: Huang, You, Wang, Qian and Xu, "Knowledge distillation from a stronger teacher", 2022). The loss
/// compares the order of the classes and the ratios of their distances. It does not compare the scale of the distances.
/// </summary>
/// <param name="scores">The value with the scores before softmax, [samples, classes].</param>
/// <param name="teacher">The value of the teacher with its scores.</param>
internal sealed class CorrelationLoss(string scores, string teacher) : ILoss
{
    // A small number that is added to each norm, because the norm is 0 for probabilities that are the same for all classes, which have no correlation.
    private const float Smallest = 1e-8f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var target = graph.Emit("Softmax", [graph.AddTeacher(scores, teacher)], ("axis", 1L));
        var student = graph.Emit("Softmax", [scores], ("axis", 1L));
        return [new LossTerm("classes", Distance(graph, student, target, axis: 1), 1), new LossTerm("samples", Distance(graph, student, target, axis: 0), 1)];
    }

    private static string Distance(LossGraph graph, string student, string target, long axis)
    {
        var (a, b) = (Centred(graph, student, axis), Centred(graph, target, axis));
        var product = Sum(graph, graph.Emit("Mul", [a, b]), axis);
        var squares = graph.Emit("Mul", [Sum(graph, graph.Emit("Mul", [a, a]), axis), Sum(graph, graph.Emit("Mul", [b, b]), axis)]);
        var norms = graph.Emit("Add", [graph.Emit("Sqrt", [graph.Emit("Add", [squares, graph.Number(Smallest * Smallest)])]), graph.Number(Smallest)]);
        var mean = graph.Emit("ReduceMean", [graph.Emit("Div", [product, norms])], ("keepdims", 0L));
        return graph.Emit("Sub", [graph.Number(1), mean]);
    }

    private static string Centred(LossGraph graph, string value, long axis) =>
        graph.Emit("Sub", [value, graph.Emit("ReduceMean", [value, graph.Integers(axis)], ("keepdims", 1L))]);

    private static string Sum(LossGraph graph, string value, long axis) => graph.Emit("ReduceSum", [value, graph.Integers(axis)], ("keepdims", 1L));
}
