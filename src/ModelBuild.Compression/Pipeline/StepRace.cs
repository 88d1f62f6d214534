using System.Runtime.ExceptionServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Search;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Runs a step that stands for one of several lists of steps: fits each to the calibration samples, and keeps the one that answers held-out samples best.</summary>
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
        foreach (var attempt in log.Ranked.Take(alternatives.Finished).ToArray())
        {
            // What follows takes back by itself what does not help.
            Run(attempt.Context, alternatives.Finish);
            Add(final, attempt with { Steps = [.. attempt.Steps, .. alternatives.Finish] }, judge, alternatives.FinalCalls);
        }

        final.Report(context.Report, final.Best);
        return final.Best!;
    }

    // A list whose result ONNX Runtime refuses is left out; the last one says so where no other works.
    private TrialLog<Attempted> Attempts(HeldOutJudge judge)
    {
        var log = new TrialLog<Attempted>();
        Exception? refusal = null;
        foreach (var steps in alternatives.Lists)
            try
            {
                if (Attempt(steps) is { } attempt)
                    Add(log, attempt, judge, alternatives.ComparedCalls);
            }
            catch (Exception exception) when (FaultyStep.Cause(exception) is { } cause)
            {
                refusal = exception;
                context.Report.Leave(string.Join(' ', steps), $"ONNX Runtime refuses what it makes: {Sessions.Reason(cause)}");
            }

        if (log.Best is null && refusal is not null)
            ExceptionDispatchInfo.Throw(refusal);
        return log;
    }

    private static void Add(TrialLog<Attempted> log, Attempted attempt, HeldOutJudge judge, int calls) =>
        log.Add(attempt, string.Join(' ', attempt.Steps), judge.SqnrDb(attempt.Context.Model, calls));

    // Null where the first step finds nothing to do, and the steps behind it are a list of their own.
    private Attempted? Attempt(IReadOnlyList<RecipeStep> steps)
    {
        var attempt = context with { Model = context.Model.Clone(), Report = new PassReport(), Layers = new QuantizedLayers() };
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

    private sealed record Attempted(IReadOnlyList<RecipeStep> Steps, PassContext Context);
}
