using ModelBuild.Compression.Training.Graphs;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The squared errors, relative to the teacher's signal, of the features of positions that a mask keeps, and of their means, which are the vectors of whole
/// texts. Padded positions do not count: applications do not read them.
/// </summary>
/// <param name="value">The value of the model, [rows, positions, features].</param>
/// <param name="teacher">The value of the teacher, of the same shape.</param>
/// <param name="mask">The input of the model that is 1 where a position counts and 0 elsewhere, [rows, positions].</param>
internal sealed class MaskedErrorLoss(string value, string teacher, string mask) : ILoss
{
    // A small number that is added to the number of positions of a row, because the mask may keep none of them.
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var kept = graph.Emit("Unsqueeze", [graph.Emit("Cast", [mask], ("to", (long)DataType.Float)), graph.Integers(-1)]);
        var (own, other) = (graph.Emit("Mul", [value, kept]), graph.Emit("Mul", [graph.AddTeacher(value, teacher), kept]));
        var count = graph.Emit("Add", [graph.Emit("ReduceSum", [kept, graph.Integers(1)], ("keepdims", 1L)), graph.Number(Smallest)]);
        return
        [
            SquaredErrorLoss.Relative($"error of {value}", 1, graph, own, other),
            SquaredErrorLoss.Relative($"error of the mean of {value}", 1, graph, Mean(graph, own, count), Mean(graph, other, count)),
        ];
    }

    private static string Mean(LossGraph graph, string values, string count) =>
        graph.Emit("Div", [graph.Emit("ReduceSum", [values, graph.Integers(1)], ("keepdims", 1L)), count]);
}
