using System.Runtime.ExceptionServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Runs a step that stands for one of several lists of steps: fits each to the calibration samples, and keeps the one that answers held-out samples best.
/// </summary>
/// <param name="context">With the model before the step.</param>
/// <param name="step">The step.</param>
/// <param name="alternatives">The lists.</param>
internal sealed class StepRace(PassContext context, RecipeStep step, StepAlternatives alternatives)
{
    /// <summary>Rewrites the context's model by the list that is kept.</summary>
    /// <returns>That list.</returns>
    public IReadOnlyList<RecipeStep> Run()
    {
        var kept = alternatives.Lists is [var only] && alternatives.Finish.Count == 0 ? Attempt(only)! : Compare();
        context.Model.TakeOver(kept.Context.Model);
        context.Layers.TakeOver(kept.Context.Layers);
        context.Report.Include(kept.Context.Report);
        return kept.Steps;
    }

    private Attempted Compare()
    {
        using var judge = new HeldOutJudge(context, Math.Max(alternatives.ComparedCalls, alternatives.FinalCalls));
        var log = Attempts(judge);
        if (alternatives.Finish.Count == 0)
        {
            log.Report(context.Report, log.Best);
            return log.Best!;
        }

        log.Report(context.Report, kept: null);
        var final = new TrialLog<Attempted>();
        Attempted[] best = [.. log.Ranked.Take(alternatives.Finished)];
        var lines = new TrialLines(context.Work, alternatives.FinishWork, best.Length);
        foreach (var attempt in best)
        {
            var finished = new Attempted([.. attempt.Steps, .. alternatives.Finish], attempt.Context);
            lines.Begin(string.Join(' ', finished.Steps));
            // What follows takes back by itself what does not help.
            Run(attempt.Context, alternatives.Finish);
            Add(final, finished, judge, alternatives.FinalCalls, lines);
        }

        final.Report(context.Report, final.Best);
        return final.Best!;
    }

    // A list whose result ONNX Runtime refuses is left out; the last one says so where no other works.
    private TrialLog<Attempted> Attempts(HeldOutJudge judge)
    {
        var log = new TrialLog<Attempted>();
        var lines = new TrialLines(context.Work, alternatives.Work, alternatives.Lists.Count);
        Exception? refusal = null;
        foreach (var steps in alternatives.Lists)
        {
            lines.Begin(string.Join(' ', steps));
            try
            {
                if (Attempt(steps) is { } attempt)
                {
                    Add(log, attempt, judge, alternatives.ComparedCalls, lines);
                    DropLosers(log);
                }
                else
                {
                    lines.Dropped($"'{steps[0]}' finds nothing to do");
                }
            }
            catch (Exception exception) when (FaultyStep.Cause(exception) is { } cause)
            {
                refusal = exception;
                var why = $"ONNX Runtime refuses what it makes: {Sessions.Reason(cause)}";
                lines.Dropped(why);
                context.Report.Leave(string.Join(' ', steps), why);
            }
        }

        if (log.Best is null && refusal is not null)
            ExceptionDispatchInfo.Throw(refusal);
        return log;
    }

    // Models that cannot be kept any more are many times as large as what is said of them.
    private void DropLosers(TrialLog<Attempted> log)
    {
        foreach (var lost in log.Ranked.Skip(Math.Max(1, alternatives.Finished)))
            lost.Drop();
        LargeModels.LetGo(LargeModels.WeightBytes(context.Model));
    }

    private static void Add(TrialLog<Attempted> log, Attempted attempt, HeldOutJudge judge, int calls, TrialLines lines)
    {
        var sqnr = judge.SqnrDb(attempt.Context.Model, calls);
        lines.Got(sqnr);
        log.Add(attempt, string.Join(' ', attempt.Steps), sqnr);
    }

    // Null where the first step finds nothing to do, and the steps behind it are a list of their own.
    private Attempted? Attempt(IReadOnlyList<RecipeStep> steps)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new QuantizedLayers(), IsInList = true };
        IReadOnlyList<RecipeStep> rest = [.. steps.Skip(1)];
        if (rest.Count > 0 && alternatives.Lists.Any(rest.SequenceEqual))
        {
            Run(attempt, [steps[0]]);
            if (attempt.Report.Changes.Count == 0)
                return null;
            Run(attempt, rest);
        }
        else
        {
            Run(attempt, steps);
        }

        return new Attempted(steps, attempt);
    }

    private void Run(PassContext attempt, IReadOnlyList<RecipeStep> steps)
    {
        // Steps that shared a sweep share its report.
        foreach (var report in RecipePipeline.Run(attempt, steps).DistinctBy(report => report.Report))
            attempt.Report.Include(report.Report, report.Source.Definition == step.Definition ? null : report.Step);
    }

    private sealed class Attempted(IReadOnlyList<RecipeStep> steps, PassContext context)
    {
        private PassContext? _context = context;

        public IReadOnlyList<RecipeStep> Steps => steps;

        public PassContext Context => _context ?? throw new InvalidOperationException("The attempt has been dropped.");

        public void Drop() => _context = null;
    }
}
