using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The step <c>int8</c> as it is by itself: no combination of calibration and recovery is the best one for every model, so a fixed list of them is fitted to the calibration samples, each is
/// judged on samples held out from the fit by its worst output's SQNR, and the best is kept; the earlier one where two are equal.
/// </summary>
internal sealed class Int8Choice(Int8Options options) : IPass
{
    // The first is the best all-rounder; each of the others wins on a model of the corpus (its benchmark prints the table).
    private static readonly string[] Combinations =
    [
        "equalize int8(mse) least-squares gptq coordinate-descent",
        "int8(min-max) gptq coordinate-descent",
        "equalize int8(min-max) gptq coordinate-descent",
        "equalize int8(min-max) least-squares gptq coordinate-descent",
        "int8(mse) least-squares gptq coordinate-descent",
        "equalize(by=weights) int8(min-max) gptq bias-correction",
    ];

    // Enough to tell combinations apart.
    private const int JudgedCalls = 16;

    /// <summary>The combinations in the order in which they are tried; the step's other options hold for each.</summary>
    public static IReadOnlyList<IReadOnlyList<RecipeStep>> Alternatives(Int8Options options) => [.. Combinations.Select(combination => With(options, combination))];

    /// <summary>A combination as receipts write it.</summary>
    public static string Text(IReadOnlyList<RecipeStep> steps) => string.Join(' ', steps);

    public void Run(PassContext context)
    {
        if (Int8Pass.WhyNot(context) is not null)
        {
            new Int8Pass(options with { Calibration = Int8Calibration.MinMax }).Run(context);
            return;
        }

        var calibration = context.Calibration ?? throw Int8Pass.NeedsData();
        if (calibration.Fit is null)
        {
            context.Report.Leave("recovery of accuracy", "it needs the inputs themselves; the calibration file keeps statistics of them");
            Keep(context, Try(context, With(options, "int8(min-max)")));
            return;
        }

        var alternatives = Alternatives(options);
        Keep(context, options.Calibration == Int8Calibration.Fast ? Try(context, alternatives[0]) : Best(context, alternatives));
    }

    private static PassContext Best(PassContext context, IReadOnlyList<IReadOnlyList<RecipeStep>> alternatives)
    {
        using var judge = new HeldOutJudge(context, JudgedCalls);
        (PassContext Result, double SqnrDb, string Recipe)? best = null;
        var tried = new List<(string Recipe, double SqnrDb)>();
        foreach (var steps in alternatives)
        {
            var recipe = Text(steps);
            if (Judged(context, steps, judge, isLast: best is null && steps == alternatives[^1]) is not var (attempt, sqnr))
                continue;
            tried.Add((recipe, sqnr));
            if (best is null || sqnr > best.Value.SqnrDb)
                best = (attempt, sqnr, recipe);
        }

        foreach (var (recipe, sqnr) in tried)
            context.Report.Tried(new TrialOutcome(recipe, Math.Round(sqnr, 2), recipe == best!.Value.Recipe));
        return best!.Value.Result;
    }

    // Null where ONNX Runtime refuses what the combination makes; the last one says so where no other works.
    private static (PassContext Attempt, double SqnrDb)? Judged(PassContext context, IReadOnlyList<RecipeStep> steps, HeldOutJudge judge, bool isLast)
    {
        try
        {
            var attempt = Try(context, steps);
            return (attempt, judge.SqnrDb(attempt.Model));
        }
        catch (Exception exception) when (!isLast && FaultyStep.Cause(exception) is { } cause)
        {
            context.Report.Leave(Text(steps), $"ONNX Runtime refuses what it makes: {Sessions.Reason(cause)}");
            return null;
        }
    }

    private static PassContext Try(PassContext context, IReadOnlyList<RecipeStep> steps)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new QuantizedLayers() };
        // Steps that shared a sweep share its report.
        foreach (var step in RecipePipeline.Run(attempt, steps).DistinctBy(step => step.Report))
            attempt.Report.Include(step.Report, step.Step.StartsWith("int8", StringComparison.Ordinal) ? null : step.Step);
        return attempt;
    }

    private static void Keep(PassContext context, PassContext attempt)
    {
        context.Model.TakeOver(attempt.Model);
        context.Layers.TakeOver(attempt.Layers);
        context.Report.Include(attempt.Report);
    }

    private static IReadOnlyList<RecipeStep> With(Int8Options options, string combination) =>
        [.. RecipeParser.ParseSteps(combination).Select(step => step.Options is Int8Options own ? step with { Options = options with { Calibration = own.Calibration } } : step)];
}
