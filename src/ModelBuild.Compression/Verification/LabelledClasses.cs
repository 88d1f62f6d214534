using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Tells how many classes the labels of a call are about.</summary>
internal static class LabelledClasses
{
    /// <summary>The number of classes; null where no part has a row of scores for each label. Boxes beside classes have rows, too: the classes are the widest.</summary>
    /// <param name="plan">What is compared, and along which axes classes lie.</param>
    /// <param name="values">What the original answered: its outputs, then observed values; null for those that it does not have.</param>
    /// <param name="labels">The call's labels; null where it has none.</param>
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
        // Nobody knows whether parts of numbers are halves of one row of scores.
        foreach (var range in part.Ranges.Where(range => range.Axis != axis || part.Kind == FidelityKind.Scores))
            shape[range.Axis] = range.Length;
        var rows = shape.Where((_, other) => other != axis).Aggregate(1L, (product, size) => product * size);
        return shape[axis] > 1 && rows == labels ? shape[axis] : null;
    }
}
