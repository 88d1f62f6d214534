using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Recipes;

/// <summary>
/// The combinations among which the step <c>int8</c> chooses: no combination of calibration, equalization and recovery is the best one for every model.
/// A race compares what takes little, ways to find ranges and to equalize, on a few samples and without solvers, and only the best are solved. The
/// thorough choice solves every combination of a fixed list.
/// </summary>
internal static class Int8Choice
{
    private const string Solvers = "least-squares gptq coordinate-descent";
    private const string MinMax = "int8(min-max)";

    // What a race compares.
    private static readonly string[] Raced = [MinMax, "int8(mse)", "equalize int8(min-max)", "equalize int8(mse)", "equalize(by=weights) int8(min-max)"];

    // What the thorough choice compares. The first is the best all-rounder; each of the others wins on a model of the corpus (its benchmark prints the table).
    private static readonly string[] Combinations =
    [
        "equalize int8(mse) least-squares gptq coordinate-descent",
        "int8(min-max) gptq coordinate-descent",
        "equalize int8(min-max) gptq coordinate-descent",
        "equalize int8(min-max) least-squares gptq coordinate-descent",
        "int8(mse) least-squares gptq coordinate-descent",
        "equalize(by=weights) int8(min-max) gptq bias-correction",
    ];

    // Multiply-adds of the runs whose ranges a race compares: of a large model only the first combination is made.
    private const double RacingWork = 6e10;

    // Multiply-adds of all sweeps in a race: a few seconds. Of small models several combinations are solved, of large ones the best one.
    private const double SolvingWork = 6.5e9;
    private const int MostSolved = 3;

    // Calls that tell ways to find ranges apart, and combinations that are solved.
    private const int RacedCalls = 4;
    private const int JudgedCalls = 16;

    /// <summary>The combinations for a model; null where the options name how ranges are found.</summary>
    /// <param name="context">With the model before the step.</param>
    /// <param name="options">The step's options; all but the calibration hold for each combination.</param>
    /// <exception cref="Diagnostics.CompressionException">MB1023: there is no real data.</exception>
    public static StepAlternatives? Of(PassContext context, Int8Options options)
    {
        if (options.Calibration is not (Int8Calibration.Raced or Int8Calibration.Best or Int8Calibration.Fast))
            return null;
        if (Int8Pass.WhyNot(context) is not null)
            return Single(MinMax, options);
        var calibration = context.Calibration ?? throw Int8Pass.NeedsData();
        if (calibration.Fit is null)
        {
            context.Report.Leave("recovery of accuracy", "it needs the inputs themselves; the calibration file contains only their statistics");
            return Single(MinMax, options);
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
        // Of what takes more than is allowed, one is still made.
        var compared = (int)Math.Clamp(RacingWork / Math.Max(1, ranges), 1, Raced.Length);
        if (compared < Raced.Length)
            context.Work.Report($"comparing the first {compared} of {Raced.Length} ways to find ranges: one takes {new WorkAccount(RacingWork).Add(ranges)}");
        return new StepAlternatives(
            [.. Raced.Take(compared).Select(combination => With(combination, options))],
            RacedCalls,
            new TrialWork("way to find ranges", ranges, RacingWork)
        )
        {
            Finish = RecipeParser.ParseSteps(Solvers),
            FinishWork = new TrialWork("solved combination", sweep, SolvingWork),
            Finished = (int)Math.Clamp(SolvingWork / Math.Max(1, sweep), 1, MostSolved),
            FinalCalls = JudgedCalls,
        };
    }

    private static StepAlternatives Thorough(PassContext context, Int8Options options)
    {
        var (call, calls) = Calls(context);
        var each = call * calls + SweepWork.Of(RowBudget.Recovery, call, Math.Min(calls, WavefrontSweep.MaxCalls));
        return new StepAlternatives(
            [.. Combinations.Select(combination => With(combination, options))],
            JudgedCalls,
            new TrialWork("combination", each, Combinations.Length * each, IsEstimate: true)
        );
    }

    // The multiply-adds of one call, and how many calls there are to fit to. Finding ranges runs the model on all of them once or twice.
    private static (double Work, int Calls) Calls(PassContext context)
    {
        var samples = context.Calibration!.Fit!.Read(context.CancellationToken);
        return (LayerWork.Total(context.Model, samples.First().Shapes()), samples.Count());
    }

    private static StepAlternatives Single(string combination, Int8Options options) =>
        new([With(combination, options)], ComparedCalls: 0, new TrialWork("combination", 0, 0));

    private static IReadOnlyList<RecipeStep> With(string combination, Int8Options options) =>
        [
            .. RecipeParser
                .ParseSteps(combination)
                .Select(step => step.Options is Int8Options own ? step with { Options = options with { Calibration = own.Calibration } } : step),
        ];
}
