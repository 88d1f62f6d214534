using ModelBuild.Compression.Training.Graphs;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The share of rows for which the model and the teacher choose the same class. It has no gradient, and is only measured.</summary>
/// <param name="scores">The value with the scores.</param>
/// <param name="teacher">The value of the teacher with its scores.</param>
/// <param name="axis">The axis of the classes.</param>
internal sealed class AgreementShare(string scores, string teacher, int axis) : ILoss
{
    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var target = graph.AddTeacher(scores, teacher);
        var (own, other) = (Top(graph, scores), Top(graph, target));
        var isEqual = graph.Emit("Cast", [graph.Emit("Equal", [own, other])], ("to", (long)DataType.Float));
        return [new LossTerm("agreement", graph.Emit("ReduceMean", [isEqual], ("keepdims", 0L)), Weight: 1)];
    }

    private string Top(LossGraph graph, string value) => graph.Emit("ArgMax", [value], ("axis", (long)axis), ("keepdims", 0L));
}
