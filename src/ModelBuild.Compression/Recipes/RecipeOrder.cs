using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Recipes;

/// <summary>Whether the steps of a recipe can follow each other as they do.</summary>
internal static class RecipeOrder
{
    /// <summary>Looks for a step that needs weights in float32 behind one that has stored them in another way.</summary>
    /// <exception cref="CompressionException">MB1005: there is one.</exception>
    public static void Check(IReadOnlyList<RecipeStep> steps)
    {
        RecipeStep? stored = null;
        foreach (var step in steps)
        {
            if (stored is not null && step.Definition.Weights.HasFlag(WeightUse.NeedsFloat32))
                throw new CompressionException(
                    Codes.UnknownOption,
                    $"'{step.Definition.Name}' must stand before '{stored.Definition.Name}': "
                        + $"it works on weights in float32, and '{stored.Definition.Name}' stores them in another way."
                );
            if (step.Definition.Weights.HasFlag(WeightUse.StoresOtherwise))
                stored ??= step;
        }
    }
}
