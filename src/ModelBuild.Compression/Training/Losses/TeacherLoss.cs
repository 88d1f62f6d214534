using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The distillation loss of class scores: T²·KL(softmax(t/T) ‖ softmax(s/T)), the mean over the rows (Hinton, Vinyals and Dean, "Distilling the knowledge in a
/// neural network", 2015). The entropy of the teacher is a constant, so that the cross-entropy has the same gradient.
/// </summary>
/// <param name="scores">The value with the scores before softmax.</param>
/// <param name="teacher">The value of the teacher with its scores.</param>
/// <param name="axis">The axis of the classes.</param>
/// <param name="temperature">The temperature T.</param>
internal sealed class TeacherLoss(string scores, string teacher, int axis, LossSetting temperature) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var target = graph.AddTeacher(scores, teacher);
        var value = graph.Read(temperature);
        var scale = graph.Emit("Reciprocal", [value]);
        var student = graph.Emit("LogSoftmax", [graph.Emit("Mul", [scores, scale])], ("axis", (long)axis));
        var scaled = graph.Emit("Mul", [target, scale]);
        var probabilities = graph.Emit("Softmax", [scaled], ("axis", (long)axis));
        var difference = graph.Emit("Sub", [graph.Emit("LogSoftmax", [scaled], ("axis", (long)axis)), student]);
        var divergence = graph.Emit("ReduceSum", [graph.Emit("Mul", [probabilities, difference]), graph.Integers(axis)], ("keepdims", 0L));
        var mean = graph.Emit("ReduceMean", [divergence], ("keepdims", 0L));
        return [new LossTerm("teacher", graph.Emit("Mul", [mean, graph.Emit("Mul", [value, value])]), Weight: 1)];
    }
}
