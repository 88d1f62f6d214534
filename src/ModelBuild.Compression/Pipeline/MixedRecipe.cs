using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A recipe with <c>int8</c>, and the same recipe with some layers returned to float.</summary>
/// <param name="recipe">The recipe, each combination of its choices written out.</param>
internal sealed class MixedRecipe(Recipe recipe)
{
    /// <summary>Writes each step that chooses out as the steps that were kept.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reports">What its steps did.</param>
    public static MixedRecipe WriteOut(Recipe recipe, IReadOnlyList<StepReport> reports)
    {
        var steps = recipe.Steps.SelectMany(step => reports.FirstOrDefault(report => report.Source == step)?.Chosen ?? [step]);
        return new MixedRecipe(recipe with { Steps = [.. steps] });
    }

    /// <summary>Whether it solves layers after it has quantized them.</summary>
    public bool Recovers => recipe.Steps.Any(step => step.Definition.SolvesLayers);

    /// <summary>The recipe with layers in these states.</summary>
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

    /// <summary>The same without recovery, which is what takes long and changes little in the order of layers.</summary>
    public Recipe WithoutRecovery(IReadOnlyDictionary<string, LayerState> states)
    {
        var mixed = With(states);
        return mixed with { Steps = [.. mixed.Steps.Where(step => !step.Definition.SolvesLayers)] };
    }

    private static string Join(string patterns, IEnumerable<string> more) => string.Join('|', [.. patterns.Length == 0 ? [] : new[] { patterns }, .. more]);
}
