using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Training;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Checks that the class names of a project are those of the classes that a recipe gives a model.</summary>
internal static class RecipeLabels
{
    private const string MetadataPrefix = "metadata:";

    /// <summary>Throws if the class names belong to the classes before the recipe, or if their number is not that of the new classes.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">The source of the names: a file, or <c>metadata:KEY</c>; null for none.</param>
    /// <param name="labels">The names; empty for none.</param>
    /// <exception cref="CompressionException">MB1020: the names belong to the classes before the recipe, or there are more or fewer than classes.</exception>
    public static void Check(Recipe recipe, string? source, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0 || recipe.Steps.Select(step => step.Options).OfType<TransferOptions>().LastOrDefault() is not { } transfer)
            return;
        if (source?.StartsWith(MetadataPrefix, StringComparison.Ordinal) == true)
            throw new CompressionException(
                Codes.Labels,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{source}' has the names of the classes before '{TransferOptions.Name}'. Set Labels to a file with the names of the "
                        + $"{transfer.Classes} new classes, one a line."
                )
            );
        if (labels.Count != transfer.Classes)
            throw new CompressionException(
                Codes.Labels,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"There are {labels.Count} labels, and '{TransferOptions.Name}' gives the model {transfer.Classes} classes."
                ) + " Give one label for each new class, in the order of the numbers in the training data. Labels of the old classes do not fit any more.",
                source
            );
    }
}
