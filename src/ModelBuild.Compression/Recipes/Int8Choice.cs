using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Equalization;
using ModelBuild.Compression.Passes.Quantization.Recovery;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Recipes;

/// <summary>
/// The combinations of calibration, equalization and recovery among which the step <c>int8</c> chooses, because none is the best one for every model. A race
/// first compares the methods to find ranges and to equalize, which take little work, on a few samples and without solvers. Solvers then run on the best of
/// them. The thorough choice solves every combination of a fixed list.
/// </summary>
internal static class Int8Choice
{
    private static readonly Int8Options MinMax = new(Int8Calibration.MinMax);
    private static readonly Int8Options Mse = new(Int8Calibration.Mse);
    private static readonly EqualizeOptions ByActivations = new();
    private static readonly EqualizeOptions ByWeights = new(EqualizeBy.Weights);
    private static readonly LeastSquaresOptions LeastSquares = new();
    private static readonly GptqOptions Gptq = new();
    private static readonly CoordinateDescentOptions CoordinateDescent = new();

    private static readonly IReadOnlyList<RecipeStep> Solvers = StepCatalog.List(LeastSquares, Gptq, CoordinateDescent);

    // The combinations of equalization and calibration that a race of the step 'int8' compares.
    private static readonly IReadOnlyList<RecipeStep>[] Raced =
    [
        StepCatalog.List(MinMax),
        StepCatalog.List(Mse),
        StepCatalog.List(ByActivations, MinMax),
        StepCatalog.List(ByActivations, Mse),
        StepCatalog.List(ByWeights, MinMax),
    ];

    // The combinations of steps that int8(best) compares. The first combination is the best on most models, and each of the others is the best on some model of
    // the corpus benchmark.
    private static readonly IReadOnlyList<RecipeStep>[] Combinations =
    [
        StepCatalog.List(ByActivations, Mse, LeastSquares, Gptq, CoordinateDescent),
        StepCatalog.List(MinMax, Gptq, CoordinateDescent),
        StepCatalog.List(ByActivations, MinMax, Gptq, CoordinateDescent),
        StepCatalog.List(ByActivations, MinMax, LeastSquares, Gptq, CoordinateDescent),
        StepCatalog.List(Mse, LeastSquares, Gptq, CoordinateDescent),
        StepCatalog.List(ByWeights, MinMax, Gptq, new BiasCorrectionOptions()),
    ];

    // The limit of multiply-adds of all runs that find ranges in a race. For a large model, this limit allows the first combination only.
    private const double RacingWork = 6e10;

    // The limit of multiply-adds of all sweeps in a race, which take a few seconds. Solvers run on several combinations of a small model, and only on the best
    // combination of a large model.
    private const double SolvingWork = 6.5e9;
    private const int MaxSolved = 3;

    // The numbers of held-out calls on which combinations are compared. The first number is the number of calls for methods that find ranges, and the second is
    // the number of calls for combinations whose layers were solved.
    private const int RacedCalls = 4;
    private const int SolvedCalls = 16;

    /// <summary>Returns the combinations of steps to compare for a model; null if the options name how ranges are found.</summary>
    /// <param name="context">The context with the model before the step.</param>
    /// <param name="options">The step's options; all but the calibration hold for each combination.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1023: there is no real data.</exception>
    public static StepAlternatives? Of(PassContext context, Int8Options options)
    {
        if (options.Calibration is not (Int8Calibration.Raced or Int8Calibration.Best or Int8Calibration.Fast))
            return null;
        if (Int8Pass.WhyNot(context) is not null)
            return Single(Raced[0], options);
        var calibration = context.Calibration ?? throw Int8Pass.NeedsData();
        if (calibration.Fit is null)
        {
            context.Report.Leave("recovery of accuracy", "it needs the inputs themselves; the calibration file contains only their statistics");
            return Single(Raced[0], options);
        }

        return options.Calibration switch
        {
            Int8Calibration.Fast => Single(Combinations[0], options),
            Int8Calibration.Best => Thorough(context, options),
            _ => Race(context, options),
        };
    }

    private static StepAlternatives Race(PassContext context, Int8Options options)
    {
        var (call, calls) = Calls(context);
        var (ranges, sweep) = (call * calls, call * WavefrontSweep.MaxCalls * WavefrontSweep.Passes);
        // At least one combination is compared in the race, even if it takes more work than the limit.
        var compared = (int)Math.Clamp(RacingWork / Math.Max(1, ranges), 1, Raced.Length);
        if (compared < Raced.Length)
            context.Work.Report($"comparing the first {compared} of {Raced.Length} ways to find ranges: one takes {new WorkAccount(RacingWork).Add(ranges)}");
        return new StepAlternatives(
            [.. Raced.Take(compared).Select(combination => With(combination, options))],
            RacedCalls,
            new TrialWork("way to find ranges", Each: ranges, Total: RacingWork)
        )
        {
            Finish = Solvers,
            FinishWork = new TrialWork("solved combination", Each: sweep, Total: SolvingWork),
            Finished = (int)Math.Clamp(SolvingWork / Math.Max(1, sweep), 1, MaxSolved),
            FinalCalls = SolvedCalls,
        };
    }

    private static StepAlternatives Thorough(PassContext context, Int8Options options)
    {
        var (call, calls) = Calls(context);
        var each = call * calls + SweepWork.Of(RowBudget.Recovery, call, Math.Min(calls, WavefrontSweep.MaxCalls));
        return new StepAlternatives(
            [.. Combinations.Select(combination => With(combination, options))],
            SolvedCalls,
            new TrialWork("combination", Each: each, Total: Combinations.Length * each) { IsEstimate = true }
        );
    }

    // Returns the multiply-adds of one call and the number of calls to fit to. Finding ranges runs the model on all these calls once or twice.
    private static (double Work, int Calls) Calls(PassContext context)
    {
        var samples = context.Calibration!.Fit!.Read(context.CancellationToken);
        return (LayerWork.Total(context.Model, samples.First().Shapes()), samples.Count());
    }

    private static StepAlternatives Single(IReadOnlyList<RecipeStep> combination, Int8Options options) =>
        new([With(combination, options)], ComparedCalls: 0, new TrialWork("combination"));

    private static IReadOnlyList<RecipeStep> With(IReadOnlyList<RecipeStep> combination, Int8Options options) =>
        [.. combination.Select(step => step.Options is Int8Options own ? step with { Options = options with { Calibration = own.Calibration } } : step)];
}
