using System.Runtime.ExceptionServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The step <c>int8</c> where it chooses by itself how ranges are found: no combination of calibration, equalization and recovery is the best one for
/// every model. Combinations are fitted to
/// calibration samples, and each is judged on samples held out from the fit by its worst output's SQNR; the earlier one wins where two are equal. A
/// race compares what takes little, ways to
/// find ranges and to equalize, on a few samples and without solvers, and only the best are solved. The thorough choice solves every combination of a
/// fixed list.
/// </summary>
internal sealed class Int8Choice(Int8Options options) : IPass
{
    private const string StepName = "int8";
    private const string Solvers = "least-squares gptq coordinate-descent";

    // What a race compares.
    private static readonly string[] Raced = ["int8(min-max)", "int8(mse)", "equalize int8(min-max)", "equalize int8(mse)", "equalize(by=weights) int8(min-max)"];

    // Multiply-adds of the runs whose ranges a race compares: of a large model only the first combination is made.
    private const double RacingWork = 8e10;

    // Multiply-adds of all sweeps in a race: some seconds. Of small models several combinations are solved, of large ones the best one.
    private const double SolvingWork = 8e9;
    private const int MostSolved = 3;

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

    // Calls that tell ways to find ranges apart, and combinations that are solved.
    private const int RacedCalls = 4;
    private const int JudgedCalls = 16;

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
            Keep(context, Try(context, With("int8(min-max)")));
            return;
        }

        Keep(context, options.Calibration switch
        {
            Int8Calibration.Raced => Race(context),
            Int8Calibration.Best => Best(context),
            _ => Try(context, With(Combinations[0])),
        });
    }

    private Attempt Race(PassContext context)
    {
        using var judge = new HeldOutJudge(context, JudgedCalls);
        var (run, sweep) = (RangeWork(context), CallWork(context) * LayerStages.MaxCalls * LayerStages.Passes);
        // Of what takes more than is allowed, one is still made.
        var compared = (int)Math.Clamp(RacingWork / Math.Max(1, run), 1, Raced.Length);
        var race = new Trials(context, judge, RacedCalls, new TrialLines(context.Work, "way to find ranges", compared, new WorkAccount(RacingWork), run));
        if (compared < Raced.Length)
            context.Work.Say($"comparing the first {compared} of {Raced.Length} ways to find ranges: one takes {new WorkAccount(RacingWork).Add(run)}");
        race.Add(Raced.Take(compared).Select(With));
        Attempt[] best = [.. race.Ranked.Take((int)Math.Clamp(SolvingWork / Math.Max(1, sweep), 1, MostSolved))];
        var lines = new TrialLines(context.Work, "solved combination", best.Length, new WorkAccount(SolvingWork), sweep);
        var final = new Trials(context, judge, JudgedCalls, lines);
        var solvers = RecipeParser.ParseSteps(Solvers);
        foreach (var attempt in best)
        {
            lines.Begin(string.Join(' ', attempt.Steps.Concat(solvers)));
            // The sweep itself takes back what does not help.
            Run(attempt.Context, solvers);
            final.Add(attempt with { Steps = [.. attempt.Steps, .. solvers] });
        }

        race.Report(context.Report, kept: null);
        final.Report(context.Report, final.Best);
        return final.Best;
    }

    // The multiply-adds of the runs that find the ranges of one combination: the model runs on all samples once or twice.
    private static double RangeWork(PassContext context) => context.Calibration!.Fit!.Read(context.CancellationToken).Count() * CallWork(context);

    private static double CallWork(PassContext context) =>
        LayerWork.Total(context.Model, context.Calibration!.Fit!.Read(context.CancellationToken).First().Shapes());

    private Attempt Best(PassContext context)
    {
        using var judge = new HeldOutJudge(context, JudgedCalls);
        var calls = context.Calibration!.Fit!.Read(context.CancellationToken).Take(LayerStages.MaxCalls).Count();
        var each = RangeWork(context) + SweepWork.Of(RowBudget.Recovery, CallWork(context), calls);
        var lines = new TrialLines(context.Work, "combination", Combinations.Length, new WorkAccount(Combinations.Length * each, isEstimate: true), each);
        var trials = new Trials(context, judge, JudgedCalls, lines);
        trials.Add(Combinations.Select(With));
        trials.Report(context.Report, trials.Best);
        return trials.Best;
    }

    private static Attempt Try(PassContext context, IReadOnlyList<RecipeStep> steps)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new QuantizedLayers() };
        Run(attempt, steps);
        return new Attempt(steps, attempt);
    }

    private static void Run(PassContext attempt, IReadOnlyList<RecipeStep> steps)
    {
        // Steps that shared a sweep share its report.
        foreach (var step in RecipePipeline.Run(attempt, steps).DistinctBy(step => step.Report))
            attempt.Report.Include(step.Report, step.Name == StepName ? null : step.Step);
    }

    private static void Keep(PassContext context, Attempt attempt)
    {
        context.Model.TakeOver(attempt.Context.Model);
        context.Layers.TakeOver(attempt.Context.Layers);
        context.Report.Include(attempt.Context.Report);
        context.Report.Chose(attempt.Steps);
    }

    // The step's other options hold for each combination.
    private IReadOnlyList<RecipeStep> With(string combination) =>
        [.. RecipeParser.ParseSteps(combination).Select(step => step.Options is Int8Options own ? step with { Options = options with { Calibration = own.Calibration } } : step)];

    private sealed record Attempt(IReadOnlyList<RecipeStep> Steps, PassContext Context);

    private sealed class Trials(PassContext context, HeldOutJudge judge, int calls, TrialLines lines)
    {
        private readonly List<(Attempt Attempt, double SqnrDb)> _tried = [];

        /// <summary>The attempt with the greatest SQNR; the earliest of several.</summary>
        public Attempt Best => Ranked.First();

        /// <summary>The attempts, best first.</summary>
        public IEnumerable<Attempt> Ranked => _tried.OrderByDescending(trial => trial.SqnrDb).Select(trial => trial.Attempt);

        public void Add(Attempt attempt)
        {
            var sqnr = judge.SqnrDb(attempt.Context.Model, calls);
            lines.Got(sqnr);
            _tried.Add((attempt, sqnr));
        }

        /// <summary>Adds combinations, but for those whose results ONNX Runtime refuses; the last one says so where no other works.</summary>
        public void Add(IEnumerable<IReadOnlyList<RecipeStep>> combinations)
        {
            Exception? refusal = null;
            foreach (var steps in combinations)
            {
                lines.Begin(string.Join(' ', steps));
                try
                {
                    Add(Try(context, steps));
                }
                catch (Exception exception) when (FaultyStep.Cause(exception) is { } cause)
                {
                    refusal = exception;
                    var why = $"ONNX Runtime refuses what it makes: {Sessions.Reason(cause)}";
                    lines.Dropped(why);
                    context.Report.Leave(string.Join(' ', steps), why);
                }
            }

            if (_tried.Count == 0 && refusal is not null)
                ExceptionDispatchInfo.Throw(refusal);
        }

        public void Report(PassReport report, Attempt? kept)
        {
            foreach (var (attempt, sqnr) in _tried)
                report.Tried(new TrialOutcome(string.Join(' ', attempt.Steps), Math.Round(sqnr, 2), attempt == kept));
        }
    }
}
