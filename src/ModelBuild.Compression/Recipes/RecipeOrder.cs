using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Recipes;

/// <summary>Checks that the steps of a recipe can follow each other.</summary>
internal static class RecipeOrder
{
    /// <summary>Throws if a step needs weights in float32 after a step that stores them in another way.</summary>
    /// <exception cref="CompressionException">MB1005: there is such a step.</exception>
    public static void Check(IReadOnlyList<RecipeStep> steps)
    {
        RecipeStep? stored = null;
        foreach (var step in steps)
        {
            if (stored is not null && step.Definition.Weights.HasFlag(WeightUse.NeedsFloat32))
                throw new CompressionException(
                    Codes.UnknownOption,
                    $"'{step.Definition.Name}' must come before '{stored.Definition.Name}': "
                        + $"it needs weights in float32, and '{stored.Definition.Name}' stores them in another type."
                );
            if (step.Definition.Weights.HasFlag(WeightUse.StoresOtherwise))
                stored ??= step;
        }
    }
}
