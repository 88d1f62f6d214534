using System.Globalization;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The step <c>int8</c> as it is by itself: no combination of calibration and recovery is the best one for every model, so a fixed list of them is fitted to the calibration samples, each is
/// judged on samples held out from the fit by its worst output's SQNR, and the best is kept; the earlier one where two are equal.
/// </summary>
internal sealed class Int8Choice(Int8Options options) : IPass
{
    // The first is the best all-rounder; each of the others wins on a model of the corpus (its benchmark prints the table). {0} is min-max, {1} least squared error.
    private static readonly string[] Combinations =
    [
        "equalize int8({1}) least-squares gptq coordinate-descent",
        "int8({0}) gptq coordinate-descent",
        "equalize int8({0}) gptq coordinate-descent",
        "equalize int8({0}) least-squares gptq coordinate-descent",
        "int8({1}) least-squares gptq coordinate-descent",
        "equalize(by=weights) int8({0}) gptq bias-correction",
    ];

    // Enough to tell combinations apart.
    private const int JudgedCalls = 16;

    public void Run(PassContext context)
    {
        var calibration = context.Calibration ?? throw Int8Pass.NeedsData();
        if (calibration.Fit is null)
        {
            context.Report.Leave("recovery of accuracy", "it needs the inputs themselves; the calibration file keeps statistics of them");
            Keep(context, Try(context, $"int8({Method(Int8Calibration.MinMax)})"));
            return;
        }

        var recipes = Combinations.Select(combination => string.Format(CultureInfo.InvariantCulture, combination, Method(Int8Calibration.MinMax), Method(Int8Calibration.Mse))).ToArray();
        if (options.Calibration == Int8Calibration.Fast)
        {
            Keep(context, Try(context, recipes[0]));
            return;
        }

        Keep(context, Best(context, recipes));
    }

    private static PassContext Best(PassContext context, string[] recipes)
    {
        using var judge = new HeldOutJudge(context, JudgedCalls);
        (PassContext Result, double SqnrDb, string Recipe)? best = null;
        var tried = new List<(string Recipe, double SqnrDb)>();
        foreach (var recipe in recipes)
        {
            var attempt = Try(context, recipe);
            var sqnr = judge.SqnrDb(attempt.Model);
            tried.Add((recipe, sqnr));
            if (best is null || sqnr > best.Value.SqnrDb)
                best = (attempt, sqnr, recipe);
        }

        foreach (var (recipe, sqnr) in tried)
            context.Report.Tried(new TrialOutcome(recipe, Math.Round(sqnr, 2), recipe == best!.Value.Recipe));
        return best!.Value.Result;
    }

    private static PassContext Try(PassContext context, string recipe)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new QuantizedLayers() };
        // Steps that shared a sweep share its report.
        foreach (var step in RecipePipeline.Run(attempt, RecipeParser.ParseSteps(recipe)).DistinctBy(step => step.Report))
            attempt.Report.Include(step.Report, step.Step.StartsWith("int8", StringComparison.Ordinal) ? null : step.Step);
        return attempt;
    }

    private static void Keep(PassContext context, PassContext attempt)
    {
        context.Model.TakeOver(attempt.Model);
        context.Layers.TakeOver(attempt.Layers);
        context.Report.Include(attempt.Report);
    }

    // The step's other options hold for each alternative.
    private string Method(Int8Calibration calibration)
    {
        var step = new RecipeStep(StepCatalog.Find("int8")!, options with { Calibration = calibration }).ToString();
        return step["int8(".Length..^1];
    }
}
