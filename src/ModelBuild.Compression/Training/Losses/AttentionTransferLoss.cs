using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// Attention transfer between convolutions: the map of a row is the mean of squares over channels, a_p = Σ_c x²_cp / C, divided by its norm over positions. The
/// loss is the mean over rows and positions of (a_s/‖a_s‖ − a_t/‖a_t‖)² (Zagoruyko and Komodakis, "Paying more attention to attention", 2017).
/// </summary>
/// <param name="pair">The value and that of the teacher. The numbers of channels may differ.</param>
/// <param name="weight">The factor of the term.</param>
internal sealed class AttentionTransferLoss(FeaturePair pair, float weight) : ILoss
{
    // The lower limit of a norm, so that an attention map of zeros is not divided by zero.
    private const float Smallest = 1e-12f;

    public IReadOnlyList<LossTerm> Append(LossGraph graph)
    {
        var difference = graph.Emit("Sub", [Map(graph, pair.Value), Map(graph, pair.Teacher.Add(graph, pair.Value))]);
        var error = graph.Emit("ReduceMean", [graph.Emit("Mul", [difference, difference])], ("keepdims", 0L));
        return [new LossTerm($"attention of {pair.Value}", error, weight)];
    }

    private static string Map(LossGraph graph, string value)
    {
        var means = graph.Emit("ReduceMean", [graph.Emit("Mul", [value, value]), graph.Integers(1)], ("keepdims", 0L));
        var flat = graph.Emit("Flatten", [means], ("axis", 1L));
        var squares = graph.Emit("ReduceSum", [graph.Emit("Mul", [flat, flat]), graph.Integers(1)], ("keepdims", 1L));
        return graph.Emit("Div", [flat, graph.Emit("Sqrt", [graph.Emit("Add", [squares, graph.Number(Smallest)])])]);
    }
}
