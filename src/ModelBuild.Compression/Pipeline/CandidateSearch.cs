using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Tries the recipes of a request in order, and keeps the first whose result is good. A recipe that the project names is the only candidate, and its failure
/// ends the work. <c>auto</c> continues with its next candidate, and prefers a result that is close to the original.
/// </summary>
/// <param name="request">The recipe.</param>
/// <param name="original">The model.</param>
/// <param name="trial">Tries one recipe.</param>
/// <param name="written">Replaces the reference where ONNX Runtime's own graph optimizations change the outputs of the original.</param>
/// <param name="attempts">The list to which outcomes are added.</param>
/// <param name="warn">Receives warnings for the receipt.</param>
/// <param name="work">Receives reports of the work.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class CandidateSearch(
    CompressionRequest request,
    OriginalModel original,
    CandidateTrial trial,
    WrittenReference written,
    AttemptLog attempts,
    Action<Warning> warn,
    WorkLog work,
    CancellationToken cancellationToken
)
{
    // The mean cosine of two models' embeddings from which on more than nine of ten nearest neighbours stay the same.
    private const double CloseCosine = 0.998;

    /// <summary>Runs the search, and leaves the kept result in the workspace.</summary>
    /// <returns>The kept result; null where the original is kept. And the samples on which the original ran; null where it did not run.</returns>
    /// <exception cref="CompressionException">The recipe that the project names does not work on the model, or misses the budget.</exception>
    public (VerifiedCandidate? Kept, ISampleSource? Samples) Run()
    {
        if (request.Recipe.IsNone)
        {
            attempts.AddKept(Recipe.None, "the recipe has no steps");
            return (null, null);
        }

        if (!request.Verify)
            return (RunUnverified(), null);
        if (RecordOriginal() is not { } reference)
            return (null, null);
        using (reference)
            return (FirstGood(Candidates(reference.Samples), reference), reference.Samples);
    }

    private VerifiedCandidate? RunUnverified() =>
        request.Recipe.IsAuto
            ? throw new CompressionException(
                Codes.UnknownOption,
                "The recipe 'auto' chooses steps by measured fidelity, so it needs verification. Name the steps instead."
            )
            : Conclude(trial.Run(request.Recipe, reference: null));

    private ReferenceRun? RecordOriginal()
    {
        work.Enter("running the original");
        var (reference, whyNot) = original.Record();
        LargeModels.CollectAfterRelease(original.Bytes);
        if (reference is null)
        {
            var error = new CompressionException(Codes.FidelityMissed, $"The recipe '{request.Recipe.Name}' cannot be verified: {whyNot}.");
            Conclude(new CandidateOutcome.Failed(request.Recipe, whyNot!, error));
            return null;
        }

        if (written.InPlaceOf(reference, calls: 1) is not { } unoptimized)
            return reference;
        reference.Dispose();
        return unoptimized;
    }

    // Returns the candidate recipes for the model. The candidates depend on the shapes of the first sample. A first sample exists, because the original has
    // already run on the samples.
    private IReadOnlyList<AutoCandidate> Candidates(ISampleSource samples) =>
        request.Recipe.IsAuto
            ? AutoRecipe.Candidates(original.Load(), request.Target, samples.Read(cancellationToken).First().Shapes(), original.Calibration, cancellationToken)
            : [new AutoCandidate(request.Recipe, WhyNot: null)];

    private VerifiedCandidate? FirstGood(IReadOnlyList<AutoCandidate> candidates, ReferenceRun reference)
    {
        (Recipe Recipe, double Cosine)? second = null;
        foreach (var (i, candidate) in candidates.Index())
        {
            work.EnterCandidate(i + 1, candidates.Count);
            if (candidate.IsStorage && second is not null)
                break;
            var outcome = candidate.WhyNot is { } why ? new CandidateOutcome.Refused(candidate.Recipe, why) : trial.Run(candidate.Recipe, reference);
            if (outcome is CandidateOutcome.Kept kept && request.Recipe.IsAuto && !candidate.IsStorage && !IsClose(kept.Result, out var cosine))
            {
                outcome = new CandidateOutcome.Refused(
                    candidate.Recipe,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"within the budget, with a mean cosine of {cosine:0.0000}; a candidate with {CloseCosine} or more is preferred"
                    )
                );
                if (second is null || cosine > second.Value.Cosine)
                    second = (candidate.Recipe, cosine);
            }

            if (Conclude(outcome) is { } result)
                return result;
        }

        return second is { } best ? Conclude(trial.Run(best.Recipe, reference)) : null;
    }

    private static bool IsClose(VerifiedCandidate result, out double cosine)
    {
        cosine = result
            .Fidelity.Outputs.Where(output => output is { IsMeasured: true, Kind: FidelityKind.Embedding })
            .Select(output => output.Cosine?.Mean ?? 1)
            .DefaultIfEmpty(1)
            .Min();
        return cosine >= CloseCosine;
    }

    private VerifiedCandidate? Conclude(CandidateOutcome outcome)
    {
        if (outcome is CandidateOutcome.Failed failed && !request.Recipe.IsAuto)
            throw failed.Error;
        attempts.Add(outcome);
        if (outcome is CandidateOutcome.Refused && !request.Recipe.IsAuto)
            warn(new Warning(Codes.OriginalKept, $"'{outcome.Recipe}' does not make the model smaller, neither on disk nor zipped; the original is kept."));
        return (outcome as CandidateOutcome.Kept)?.Result;
    }
}
