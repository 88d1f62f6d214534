using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Finds the fewest layers to compute in float when a whole model in int8 misses its budget, as accuracy-aware quantizers do: ranks layers by what returning each one alone gives back on
/// held-out samples, then returns them one after another until the budget is met; where the answers got worse by it, the remaining layers are ranked again on the model as it is by then.
/// Deterministic, with a bound on evaluations.
/// </summary>
internal sealed class MixedPrecision
{
    // Ranking runs the model once for each layer; only so many of the largest gains can matter.
    private const int MaxRankings = 3;

    private readonly Recipe _recipe;
    private readonly Func<Recipe, double> _estimate;
    private readonly List<string> _returned = [];
    private readonly List<LayerRank> _ranking = [];

    /// <param name="recipe">The recipe that missed, with <c>int8</c> written out as the combination that was kept.</param>
    /// <param name="estimate">The held-out SQNR of a recipe without recovery, in dB.</param>
    public MixedPrecision(Recipe recipe, Func<Recipe, double> estimate) => (_recipe, _estimate) = (recipe, estimate);

    /// <summary>What returning each layer alone to float gives back, best first.</summary>
    public IReadOnlyList<LayerRank> Ranking => [.. _ranking.Select(rank => rank with { Returned = _returned.Contains(rank.Layer) })];

    /// <summary>A recipe with <c>int8</c> written out as the combination that its report says was kept.</summary>
    public static Recipe WriteOut(Recipe recipe, IReadOnlyList<StepReport> reports)
    {
        var steps = recipe.Steps.SelectMany(step =>
            step.Options is Int8Options { Calibration: Int8Calibration.Best or Int8Calibration.Fast } options ? Kept(options, reports.FirstOrDefault(report => report.Step == step.ToString())) : [step]);
        return recipe with { Steps = [.. steps] };
    }

    // The fast choice compares nothing, and takes the first.
    private static IReadOnlyList<RecipeStep> Kept(Int8Options options, StepReport? report)
    {
        var alternatives = Int8Choice.Alternatives(options);
        var kept = report?.Report.Trials.FirstOrDefault(trial => trial.Kept)?.Recipe;
        return alternatives.FirstOrDefault(steps => Int8Choice.Text(steps) == kept) ?? alternatives[0];
    }

    /// <summary>Returns layers to float until <paramref name="isGood"/> says so.</summary>
    /// <param name="layers">Names of the nodes that compute in integers.</param>
    /// <param name="isGood">Runs a recipe in full; whether it is within the budget, and a figure that is greater for better answers.</param>
    /// <returns>The recipe that is good; null when none is.</returns>
    public Recipe? Search(IReadOnlyList<string> layers, Func<Recipe, (bool IsGood, double Score)> isGood)
    {
        var open = Rank(layers);
        _ranking.AddRange(open);
        var rankings = 1;
        var best = double.NegativeInfinity;
        while (open.Count > 0)
        {
            _returned.Add(open[0].Layer);
            open.RemoveAt(0);
            var recipe = Recipe(_returned);
            var (passed, score) = isGood(recipe);
            if (passed)
                return recipe;
            if (score < best && rankings < MaxRankings && open.Count > 1)
            {
                open = Rank([.. open.Select(rank => rank.Layer)]);
                rankings++;
            }

            best = Math.Max(best, score);
        }

        return null;
    }

    private List<LayerRank> Rank(IReadOnlyList<string> layers)
    {
        var basis = _estimate(WithoutRecovery(Recipe(_returned)));
        return [.. layers
            .Select(layer => new LayerRank(layer, Math.Round(_estimate(WithoutRecovery(Recipe([.. _returned, layer]))) - basis, 2), Returned: false))
            .OrderByDescending(rank => rank.GainDb)];
    }

    private Recipe Recipe(IReadOnlyList<string> floats) => _recipe with
    {
        Steps = [.. _recipe.Steps.Select(step => step.Options is Int8Options options ? step with { Options = options with { Layers = Join(options.Layers, floats) } } : step)],
    };

    private static string Join(string layers, IReadOnlyList<string> floats) => string.Join('|', [.. layers.Length == 0 ? [] : new[] { layers }, .. floats.Select(name => $"{name}:float")]);

    private static Recipe WithoutRecovery(Recipe recipe) => recipe with { Steps = [.. recipe.Steps.Where(step => !RecipePipeline.IsLayerSolver(step))] };
}
