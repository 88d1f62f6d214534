using ModelBuild.Compression.Training.Graphs;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The share of labelled rows whose class has the highest score. It has no gradient, and is only measured.</summary>
/// <param name="scores">The value with the scores, [rows, classes], with or without further dimensions of size 1.</param>
internal sealed class RightShare(string scores) : ILoss
{
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var sizes = graph.Describe(scores).Shape;
        var labels = graph.AddLabels(sizes[0]);
        var top = graph.Emit("ArgMax", [graph.Emit("Flatten", [scores], ("axis", 1L))], ("axis", 1L), ("keepdims", 0L));
        var right = graph.Emit("Cast", [graph.Emit("Equal", [top, labels])], ("to", (long)DataType.Float));
        var chosen = graph.OneHot(labels, sizes[1]);
        var count = graph.Emit("Add", [graph.Emit("ReduceSum", [chosen], ("keepdims", 0L)), graph.Number(Smallest)]);
        return [new LossTerm("right", graph.Emit("Div", [graph.Emit("ReduceSum", [right], ("keepdims", 0L)), count]), Weight: 1)];
    }
}
