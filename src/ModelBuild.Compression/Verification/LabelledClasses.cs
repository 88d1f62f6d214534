using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Determines the number of classes that the labels refer to.</summary>
internal static class LabelledClasses
{
    /// <summary>
    /// Returns the number of classes, or null when no part has a row of scores for each label. If several parts do, the part with the most columns determines
    /// the number, because boxes have rows, too.
    /// </summary>
    /// <param name="plan">The plan with the axes of classes.</param>
    /// <param name="values">The outputs and observed values of the original; null for values that it does not have.</param>
    /// <param name="labels">The labels of the call; null when it has none.</param>
    public static long? Count(OutputPlan plan, IReadOnlyList<OutputValues?> values, long[]? labels)
    {
        if (labels is null)
            return null;
        var named = plan.Outputs.Concat(plan.Observed).Zip(values).ToDictionary(value => value.First, value => value.Second, StringComparer.Ordinal);
        return plan.Parts.Max(part => Classes(part, named[part.Output], labels.Length));
    }

    private static long? Classes(ComparedPart part, OutputValues? values, int labels)
    {
        if (values is not { IsFloat: true } || part.ClassAxis is not { } axis || part.Kind == FidelityKind.Tokens || axis >= values.Shape.Length)
            return null;
        if (part.Ranges.Any(range => !range.Fits(values.Shape)))
            return null;
        long[] shape = [.. values.Shape];
        // Joined parts of the kind 'numbers' may belong to one row of scores, so for such parts the classes of the labels are counted along the whole axis.
        foreach (var range in part.Ranges.Where(range => range.Axis != axis || part.Kind == FidelityKind.Scores))
            shape[range.Axis] = range.Length;
        var rows = shape.Where((_, other) => other != axis).Aggregate(1L, (product, size) => product * size);
        return shape[axis] > 1 && rows == labels ? shape[axis] : null;
    }
}
