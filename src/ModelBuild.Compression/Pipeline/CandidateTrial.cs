using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Tries one recipe: makes its result in the workspace, compares its size with that of the original, and verifies its outputs.</summary>
/// <param name="original">The model.</param>
/// <param name="builder">Makes results.</param>
/// <param name="judge">Applies the budget.</param>
/// <param name="written">Compares with the original without ONNX Runtime's own graph optimizations.</param>
/// <param name="isAuto">Whether other candidates follow. Then the result must be smaller on disk, and searches are short.</param>
/// <param name="work">Receives reports of the work.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class CandidateTrial(
    OriginalModel original,
    CandidateBuilder builder,
    OutputVerifier judge,
    WrittenReference written,
    bool isAuto,
    WorkLog work,
    CancellationToken cancellationToken
)
{
    /// <summary>Tries a recipe and returns its outcome.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reference">The outputs of the original; null to load the result only.</param>
    public CandidateOutcome Run(Recipe recipe, ReferenceRun? reference)
    {
        work.Report($"trying '{ShortRecipe.Of(recipe.ToString())}'");
        try
        {
            var steps = builder.Make(recipe, reference);
            if (isAuto && recipe.Steps.Count > 1 && steps.Skip(1).All(step => step.Report.Changes.Count == 0))
                return new CandidateOutcome.Refused(recipe, "it changes nothing after optimize");
            if (Saving(recipe) is not { } saving)
                return NotSmaller(recipe);
            return reference is null ? Load(recipe, steps, saving) : Verify(recipe, steps, reference, saving);
        }
        catch (OnnxRuntimeException exception)
        {
            // The faulty step is searched for only with a single worker, because other workers do not run the steps again, which may include a training.
            var why = original.Training is { Workers.Size: > 1 }
                ? Sessions.Reason(exception)
                : FaultyStep.Describe(original.CreateContext, recipe, reference?.Samples.Read(cancellationToken).FirstOrDefault(), exception);
            return NotUsable(recipe, why, why, exception);
        }
        catch (CompressionException exception)
            when (FaultyStep.Cause(exception) is { } cause && (isAuto || (reference is not null && exception.Code == Codes.CalibrationData)))
        {
            // The data is not the cause of this exception, because the original ran on the same data.
            var why =
                exception.Code == Codes.CalibrationData
                    ? $"ONNX Runtime cannot run the model of a step on data on which it runs the original: {Sessions.Reason(cause)}"
                    : exception.Message;
            return NotUsable(recipe, why, $"{why} Use another recipe, such as 'auto'.", cause);
        }
    }

    private CandidateOutcome.Kept Load(Recipe recipe, IReadOnlyList<StepReport> steps, string saving)
    {
        work.ReachLast();
        work.Report("loading the result");
        builder.Load();
        return new CandidateOutcome.Kept(recipe, $"not verified, {saving}", new VerifiedCandidate(steps, FidelityReport.NotMeasured, []));
    }

    private CandidateOutcome Verify(Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, string saving)
    {
        var fidelity = builder.Compare(recipe, reference);
        // The size is read before the verification, because the verification may search for layers to restore to float and then replaces the result.
        var bytes = builder.Bytes;
        var outcome = Verify(recipe, steps, reference, saving, fidelity);
        return outcome.Bytes is null ? outcome with { Bytes = bytes, SqnrDb = WorstDb(fidelity) } : outcome;
    }

    private static double? WorstDb(FidelityReport fidelity) =>
        fidelity.Outputs.Where(output => output is { IsFloat: true, IsCompared: true, IsMeasured: true }).Min(output => (double?)output.ComparableDb);

    private CandidateOutcome Verify(Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, string saving, FidelityReport fidelity)
    {
        var isPrecise = recipe.Steps.All(step => step.Definition.IsPrecise);
        var verdicts = judge.Verify(fidelity, isPrecise);
        Report(recipe, verdicts);
        if (verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed)
        {
            // If all steps are exact, a difference of the outputs may come from ONNX Runtime's optimizations of the original.
            if (recipe.Steps.All(step => step.Definition.IsExact) && written.InPlaceOf(reference, calls: int.MaxValue) is { } unoptimized)
                using (unoptimized)
                    return Verify(recipe, steps, unoptimized, saving);
            if (!reference.IsAsWritten || written.Answers(reference, builder.ModelPath, isPrecise) is not { } answers)
                return Mix(recipe, steps, reference, missed, fidelity);
            (fidelity, verdicts) = answers;
            written.WarnOfResult(recipe.ToString(), missed);
        }

        if (!OutputVerdict.ProveNothing(verdicts))
            return new CandidateOutcome.Kept(recipe, $"within the budget, {saving}", new VerifiedCandidate(steps, fidelity, verdicts));
        return isPrecise
            ? new CandidateOutcome.Kept(
                recipe,
                $"not measured, but its steps are exact: {FidelityWords.NotExercised(fidelity)}; {saving}",
                new VerifiedCandidate(steps, fidelity, verdicts)
            )
            : Unproven(recipe, fidelity);
    }

    // Searches for a result with some layers in float, because the whole recipe misses the budget, and a few layers may be the cause.
    private CandidateOutcome Mix(Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, OutputVerdict missed, FidelityReport fidelity)
    {
        // A recipe with training is not tried with layers in float, because each attempt would need another training.
        var mixed = recipe.Trains
            ? null
            : new MixedPrecision(original, builder, reference, judge, isAuto, work, cancellationToken).Search(
                recipe,
                steps,
                fidelity.Calls,
                missed.Fidelity.ComparableDb
            );
        if (mixed?.Candidate is not { } found)
            return Missed(recipe, missed, fidelity, mixed) with { Variants = [.. mixed?.Variants.Skip(1) ?? []] };
        var layers = mixed.Ranking.Where(rank => rank.Returned).DistinctBy(rank => rank.Layer).Count();
        var outcome = Saving(recipe) is { } saving
            ? (CandidateOutcome)new CandidateOutcome.Kept(mixed.Recipe, $"within the budget with {layers} layers in float, {saving}", found)
            : NotSmaller(mixed.Recipe);
        return outcome with { Bytes = builder.Bytes, SqnrDb = WorstDb(found.Fidelity), Variants = mixed.Variants };
    }

    private static CandidateOutcome.Failed Missed(Recipe recipe, OutputVerdict missed, FidelityReport fidelity, MixedResult? mixed)
    {
        var why =
            $"{FidelityWords.Name(missed.Fidelity)}: {missed.Measured}, beyond {missed.Budget} on {fidelity.Judged} {FidelityWords.Samples(fidelity.Inputs)}";
        if (FidelityWords.NotExercised(fidelity) is { Length: > 0 } unproven)
            why += $"; {unproven}";
        if (mixed is not null)
            why += $"; the layers that cost most are {mixed.Worst}, and {mixed.Conclusion}";
        return new CandidateOutcome.Failed(
            recipe,
            why,
            new CompressionException(
                Codes.FidelityMissed,
                $"The recipe '{recipe}' changes the model's outputs too much: {why}. Use a more accurate recipe such as 'auto', exclude layers, "
                    + $"or widen the budget."
            )
        );
    }

    // Returns the failure of a result whose fidelity could not be measured, because no comparison of its outputs was meaningful.
    private static CandidateOutcome.Failed Unproven(Recipe recipe, FidelityReport fidelity)
    {
        var why = FidelityWords.NotExercised(fidelity);
        return new CandidateOutcome.Failed(
            recipe,
            $"its outputs were not measured: {why}",
            new CompressionException(
                Codes.FidelityMissed,
                $"The recipe '{recipe}' cannot be verified: {why}. Steps that are exact, such as 'optimize' and 'float16-weights', need no verification."
            )
        );
    }

    private static CandidateOutcome.Failed NotUsable(Recipe recipe, string why, string advice, OnnxRuntimeException cause) =>
        new(recipe, why, new CompressionException(Codes.ModelUnreadable, $"The recipe '{recipe}' cannot be used on this model: {advice}", inner: cause));

    // Returns a text about the saving of a result; null if it saves nothing. A recipe that the user names may be smaller only in a zipped package, because
    // steps that produce zeros have this purpose. A recipe that 'auto' chooses must be smaller on disk.
    private string? Saving(Recipe recipe) => builder.Saving(orZipped: !isAuto) ?? (recipe.KeepsSize ? "about as large as the original" : null);

    private CandidateOutcome.Refused NotSmaller(Recipe recipe) =>
        new(recipe, string.Create(CultureInfo.InvariantCulture, $"it would have {builder.Bytes:N0} bytes, and the original has {original.Bytes:N0}"));

    private void Report(Recipe recipe, IReadOnlyList<OutputVerdict> verdicts)
    {
        foreach (var verdict in verdicts)
        {
            var budget = verdict.Budget is null ? "" : $", held against {verdict.Budget}";
            work.Report($"'{ShortRecipe.Of(recipe.ToString())}': {FidelityWords.Name(verdict.Fidelity)} gets {verdict.Measured}{budget}");
        }
    }
}
