using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>The squared error of a value relative to the teacher's signal: Σ(s − t)² / Σt² over the batch.</summary>
/// <param name="value">The value of the model.</param>
/// <param name="teacher">The value of the teacher, which has the same shape.</param>
/// <param name="weight">The factor of the term.</param>
internal sealed class SquaredErrorLoss(string value, string teacher, float weight) : ILoss
{
    // A small number that is added to the energy of the teacher's values, by which the error is divided, because the values of a batch may all be zero.
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph) => [Relative($"error of {value}", weight, graph, value, graph.AddTeacher(value, teacher))];

    /// <summary>Adds the nodes that compute the error of a value relative to the signal of a target, and returns the term.</summary>
    public static LossTerm Relative(string name, float weight, LossGraph graph, string value, string target)
    {
        var error = graph.Emit("ReduceSumSquare", [graph.Emit("Sub", [value, target])], ("keepdims", 0L));
        var signal = graph.Emit("Add", [graph.Emit("ReduceSumSquare", [target], ("keepdims", 0L)), graph.Number(Smallest)]);
        return new LossTerm(name, error, weight) { Divisor = signal };
    }
}
