using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Signatures;

/// <summary>Finds labels that do not fit the classes of a model.</summary>
internal static class LabelCheck
{
    // The numbers of columns that detectors write before the scores of the classes: the four numbers of a box, and sometimes an objectness score.
    private static readonly int[] _besideClasses = [4, 5];

    /// <summary>Returns a warning when no output can have as many classes as there are labels; otherwise null.</summary>
    /// <param name="labels">The class names; empty when the project sets none.</param>
    /// <param name="signature">The signature of the model.</param>
    public static Warning? Find(IReadOnlyList<string> labels, ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(signature);
        if (labels.Count == 0 || signature.Outputs.Any(output => Fits(output, labels.Count)))
            return null;
        var nearest = signature
            .Outputs.Where(output => output.Shape is [_, { Size: > 1 }])
            .Select(output => (output.Name, Classes: output.Shape![1].Size!.Value))
            .OrderBy(output => Math.Abs(output.Classes - labels.Count))
            .FirstOrDefault();
        var difference =
            nearest.Name is null ? ""
            : nearest.Classes > labels.Count ? $" '{nearest.Name}' has {nearest.Classes} classes: {Count(nearest.Classes - labels.Count)} missing."
            : $" '{nearest.Name}' has {nearest.Classes} classes: {Count(labels.Count - nearest.Classes)} too many.";
        return new Warning(
            Codes.Labels,
            $"There are {labels.Count} labels, and no output has as many classes: {string.Join(", ", signature.Outputs.Select(Describe))}.{difference} "
                + "Give one label for each class, in their order."
        );
    }

    private static string Count(long labels) => labels == 1 ? "one label is" : $"{labels} labels are";

    private static string Describe(ValueSignature output) => $"'{output.Name}' {output.Type}[{string.Join(", ", (output.Shape ?? []).Select(Describe))}]";

    private static string Describe(Dimension dimension) => dimension.ToString() is { Length: > 0 } size ? size : "?";

    // Returns whether an output can have the given number of classes. A dynamic last dimension fits any number.
    private static bool Fits(ValueSignature output, int count)
    {
        if (output.Shape is not { Count: > 0 } shape)
            return output.Shape is null;
        // A dynamic dimension of a one-dimensional output is the batch, and not the number of classes.
        if (shape[^1].Size is null && shape.Count > 1)
            return true;
        return shape.Any(dimension => dimension.Size == count)
            || (shape.Count == 3 && shape.Any(dimension => _besideClasses.Any(beside => dimension.Size == count + beside)));
    }
}
