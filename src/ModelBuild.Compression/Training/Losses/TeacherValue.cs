using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// A value of the teacher that a value of the model is compared with. Its sizes are those of the model's value, except for the sizes of some axes.
/// </summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Sizes">The axes with another size, with the size in the teacher.</param>
/// <param name="Kept">The indices along some axes that are compared; the others are left out.</param>
internal sealed record TeacherValue(string Name, IReadOnlyDictionary<int, long> Sizes, IReadOnlyDictionary<int, int[]> Kept)
{
    /// <summary>Adds the value as a target to a training graph, and returns the name of the part that is compared.</summary>
    /// <param name="graph">The training graph.</param>
    /// <param name="like">The value of the model.</param>
    public string Add(LossGraph graph, string like)
    {
        var type = graph.Describe(like);
        var shape = type.Shape.Select((size, axis) => Sizes.GetValueOrDefault(axis, size)).ToArray();
        // A value of the teacher that another loss already reads is not added to the graph again.
        var target =
            graph.Targets.FirstOrDefault(known => known.Output == Name)?.Name ?? graph.AddTarget($"teacher of {like}", type with { Shape = shape }, Name);
        return Kept.Aggregate(
            target,
            (value, axis) => graph.Emit("Gather", [value, graph.Integers([.. axis.Value.Select(index => (long)index)])], ("axis", (long)axis.Key))
        );
    }
}
