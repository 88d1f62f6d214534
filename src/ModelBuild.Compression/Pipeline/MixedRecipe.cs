using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A recipe with <c>int8</c>, from which variants with some layers in float are derived.</summary>
/// <param name="recipe">The recipe, in which each step that chooses is replaced by the steps that it chose.</param>
internal sealed class MixedRecipe(Recipe recipe)
{
    /// <summary>Replaces each step of a recipe that chooses among steps by the steps that it chose.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reports">The reports of its steps.</param>
    public static MixedRecipe WriteOut(Recipe recipe, IReadOnlyList<StepReport> reports)
    {
        var steps = recipe.Steps.SelectMany(step => reports.FirstOrDefault(report => report.Source == step)?.Chosen ?? [step]);
        return new MixedRecipe(recipe with { Steps = [.. steps] });
    }

    /// <summary>The recipe from which variants are derived. Each step that chooses is replaced by the steps that it chose.</summary>
    public Recipe Recipe => recipe;

    /// <summary>Whether the recipe solves layers after it has quantized them.</summary>
    public bool Recovers => recipe.Steps.Any(step => step.Definition.SolvesLayers);

    /// <summary>Returns the recipe with the given states of layers: integer, stored or float.</summary>
    public Recipe With(IReadOnlyDictionary<string, LayerState> states)
    {
        var stored = states.Where(layer => layer.Value == LayerState.Stored).Select(layer => $"{QuotedText.Quote(layer.Key)}:float");
        var floats = states.Where(layer => layer.Value == LayerState.Float).Select(layer => QuotedText.Quote(layer.Key));
        return recipe with
        {
            Steps =
            [
                .. recipe.Steps.Select(step =>
                    step.Options is Int8Options options
                        ? step with
                        {
                            Options = options with { Layers = Join(options.Layers, stored), Exclude = Join(options.Exclude, floats) },
                        }
                        : step
                ),
            ],
        };
    }

    /// <summary>Returns the recipe with the given states of layers and without recovery, which takes long and hardly changes the ranking of layers.</summary>
    public Recipe WithoutRecovery(IReadOnlyDictionary<string, LayerState> states)
    {
        var mixed = With(states);
        return mixed with { Steps = [.. mixed.Steps.Where(step => !step.Definition.SolvesLayers)] };
    }

    private static string Join(string patterns, IEnumerable<string> more) => string.Join('|', [.. patterns.Length == 0 ? [] : new[] { patterns }, .. more]);
}
