using System.Runtime.ExceptionServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Runs a step that is replaced by one of several lists of steps: fits each list to the calibration samples, and keeps the one with the best result on held-out
/// samples.
/// </summary>
/// <param name="context">With the model before the step.</param>
/// <param name="step">The step.</param>
/// <param name="alternatives">The lists.</param>
internal sealed class StepComparison(PassContext context, RecipeStep step, StepAlternatives alternatives)
{
    /// <summary>Compares the lists of steps, and rewrites the context's model by the list that is kept.</summary>
    /// <returns>That list.</returns>
    public IReadOnlyList<RecipeStep> Run()
    {
        var kept = alternatives.Lists is [var only] && alternatives.Finish.Count == 0 ? Attempt(only)! : Compare();
        context.Model.ReplaceWith(kept.Context.Model);
        context.Layers.Add(kept.Context.Layers);
        context.Report.Include(kept.Context.Report);
        return kept.Steps;
    }

    private Attempted Compare()
    {
        using var evaluator = new HeldOutEvaluator(context, Math.Max(alternatives.ComparedCalls, alternatives.FinalCalls));
        var trials = Attempts(evaluator);
        if (alternatives.Finish.Count == 0)
        {
            trials.Report(context.Report, trials.Best!);
            return trials.Best!.Subject;
        }

        trials.Report(context.Report);
        Attempted[] best = [.. trials.Ranked.Take(alternatives.Finished).Select(trial => trial.Subject)];
        var final = new Trials<Attempted>(context.Work, alternatives.FinishWork with { Count = best.Length });
        foreach (var attempt in best)
        {
            var finished = new Attempted([.. attempt.Steps, .. alternatives.Finish], attempt.Context);
            final.Begin(finished.Name);
            // The steps that finish the comparison run without a comparison of their own, because each of them undoes its changes if they do not reduce the
            // error.
            Run(attempt.Context, alternatives.Finish);
            final.Evaluate(evaluator, finished, finished.Context.Model, alternatives.FinalCalls);
        }

        final.Report(context.Report, final.Best!);
        return final.Best!.Subject;
    }

    // Tries each list of steps. A list whose result ONNX Runtime refuses is dropped. If every list is refused, the last refusal is thrown.
    private Trials<Attempted> Attempts(HeldOutEvaluator evaluator)
    {
        var trials = new Trials<Attempted>(context.Work, alternatives.Work with { Count = alternatives.Lists.Count });
        Exception? refusal = null;
        foreach (var steps in alternatives.Lists)
        {
            trials.Begin(string.Join(' ', steps));
            try
            {
                if (Attempt(steps) is { } attempt)
                {
                    trials.Evaluate(evaluator, attempt, attempt.Context.Model, alternatives.ComparedCalls);
                    DropLosers(trials);
                }
                else
                {
                    trials.Drop($"'{steps[0]}' changes nothing");
                }
            }
            catch (Exception exception) when (FaultyStep.Cause(exception) is { } cause)
            {
                refusal = exception;
                var why = $"ONNX Runtime cannot run its result: {Sessions.Reason(cause)}";
                trials.Drop(why);
                context.Report.Leave(string.Join(' ', steps), why);
            }
        }

        if (trials.Best is null && refusal is not null)
            ExceptionDispatchInfo.Throw(refusal);
        return trials;
    }

    // Releases the models of the lists of steps that can no longer be kept. Only the models of the best lists stay in memory.
    private void DropLosers(Trials<Attempted> trials)
    {
        foreach (var lost in trials.Ranked.Skip(Math.Max(1, alternatives.Finished)))
            lost.Subject.Drop();
        LargeModels.CollectAfterRelease(LargeModels.WeightBytes(context.Model));
    }

    // Runs a list of steps on a clone. The result is null if the first step changes nothing and the steps after it are a list of their own.
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
        // Reports are added once each, because steps that share a sweep also share one report.
        foreach (var report in RecipePipeline.Run(attempt, steps).DistinctBy(report => report.Report))
            attempt.Report.Include(report.Report, report.Source.Definition == step.Definition ? null : report.Step);
    }

    private sealed class Attempted(IReadOnlyList<RecipeStep> steps, PassContext context)
    {
        private PassContext? _context = context;

        public IReadOnlyList<RecipeStep> Steps => steps;

        public string Name => string.Join(' ', steps);

        public PassContext Context => _context ?? throw new InvalidOperationException("The attempt has been dropped.");

        public void Drop() => _context = null;
    }
}
