using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Compresses one model: tries its recipes in order, verifies each result against the original, and puts the first good one in place, all at once.
/// An explicit recipe that misses its budget fails; <c>auto</c> falls back, down to the original.
/// </summary>
public sealed class Compressor
{
    // A mean cosine of embeddings that keeps more than nine of ten nearest neighbours.
    private const double CloseCosine = 0.998;

    private readonly CompressionRequest _request;
    private readonly WorkLog _work;
    private readonly CancellationToken _cancellationToken;
    private readonly Original _original;
    private readonly OutputWorkspace _workspace;
    private readonly Candidates _candidates;
    private readonly OutputVerifier _judge;
    private readonly WrittenReference _written;
    private readonly List<AttemptFacts> _attempts = [];
    private readonly List<Warning> _warnings = [];
    private ISampleSource? _samples;

    private Compressor(CompressionRequest request, Original original, OutputWorkspace workspace, WorkLog work, CancellationToken cancellationToken)
    {
        (_request, _original, _workspace, _work, _cancellationToken) = (request, original, workspace, work, cancellationToken);
        _candidates = new Candidates(original, workspace, work, cancellationToken);
        _judge = new OutputVerifier(request.Budget);
        var agreement = new OutputVerifier(request.Budget with { MinSqnr = Math.Min(request.Budget.LeastSqnr, WrittenReference.Agreement) });
        _written = new WrittenReference(
            original.Outline,
            request.ModelPath,
            () => RunOriginal(asWritten: true).Run,
            _judge,
            agreement,
            _warnings.Add,
            cancellationToken
        );
    }

    /// <summary>Compresses a model and writes the result to <see cref="CompressionRequest.OutputPath"/>.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told what is being done, and what comes of it.</param>
    /// <param name="cancellationToken">Ends the work; nothing half-written stays behind.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget is at fault.</exception>
    public static Receipt Compress(CompressionRequest request, IProgress<WorkLine>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var work = new WorkLog(progress);
        work.Enter("reading");
        var original = new Original(request, cancellationToken);
        using var workspace = new OutputWorkspace(request.OutputPath);
        return new Compressor(request, original, workspace, work, cancellationToken).Run();
    }

    private Receipt Run()
    {
        var originalFacts = Task.Run(() => FileMeasure.Of(_original.Outline, _original.Files, _cancellationToken), _cancellationToken);
        var candidate = Candidate();
        if (candidate is null)
            KeepOriginal();

        var compressed = _original.LoadOutline(_workspace.ModelPath);
        var partition = _request.Stages > 1 ? Cut() : null;
        _work.Enter("measuring");
        var compressedFacts = FileMeasure.Of(compressed, _workspace.Files, _cancellationToken);
        if (_request.MaxSize is { } maxSize && compressedFacts.Bytes > maxSize)
            throw new CompressionException(
                Codes.SizeMissed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The compressed model has {compressedFacts.Bytes:N0} bytes, {compressedFacts.Bytes - maxSize:N0} more than MaxSize allows: "
                        + $"use a stronger recipe, or raise MaxSize."
                )
            );

        var meter = _candidates.Meter;
        var original = originalFacts.GetAwaiter().GetResult().With(meter.Original);
        var compressedCounts = compressedFacts.With(candidate?.Steps[^1].Cost ?? meter.Original);
        var isDiskOnly = candidate is not null && DiskGain.IsAll(original, compressedCounts, _original.Outline, compressed);
        if (isDiskOnly)
            _attempts[^1] = _attempts[^1] with { Why = $"{_attempts[^1].Why}; {DiskGain.Remark}" };
        var receipt = new Receipt
        {
            ModelBuild = EngineVersion.Text,
            Model = _request.DisplayName,
            Target = _request.Target.Name,
            Original = original,
            Compressed = compressedCounts,
            GainsOnDiskOnly = isDiskOnly,
            InputShapes = meter.InputShapes,
            Recipe = new RecipeFacts(_request.Recipe.Name, [.. candidate?.Steps.Select(step => step.Step) ?? []]),
            Steps = candidate is null ? [] : StepFacts.Of(candidate.Steps, meter.Original with { Bytes = original.Bytes }, compressedFacts.Bytes),
            Attempts = _attempts,
            Verification = candidate is null ? null : new VerificationFacts(candidate.Fidelity),
            Fidelity = [.. candidate?.Verdicts.Select(FidelityFacts.Of) ?? []],
            Partition = partition,
            Warnings = [.. _warnings, .. candidate?.Steps.SelectMany(step => step.Report.Warnings).Distinct() ?? []],
        };
        _workspace.Commit();
        return receipt;
    }

    private VerifiedCandidate? Candidate()
    {
        if (_request.Recipe.IsNone)
        {
            Keep(Recipe.None, "nothing was asked for");
            return null;
        }

        if (!_request.Verify)
        {
            if (_request.Recipe.IsAuto)
                throw new CompressionException(
                    Codes.UnknownOption,
                    "The recipe 'auto' chooses by what it measures, so it cannot go unverified: name the steps."
                );
            return Try(_request.Recipe, reference: null);
        }

        _work.Enter("running the original");
        var (reference, whyNot) = RunOriginal();
        LargeModels.LetGo(_original.Bytes);
        if (reference is null)
        {
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.FidelityMissed, $"The recipe '{_request.Recipe.Name}' cannot be verified: {whyNot}.");
            Refuse(_request.Recipe, whyNot!);
            return null;
        }

        if (_written.InPlaceOf(reference, calls: 1) is { } written)
        {
            reference.Dispose();
            reference = written;
        }

        _samples = reference.Samples;
        using (reference)
            return Choose(Recipes(reference.Samples), reference);
    }

    // The first result within the budget; of several that compute faster, one that is close to the original if there is any.
    private VerifiedCandidate? Choose(IReadOnlyList<AutoCandidate> candidates, ReferenceRun reference)
    {
        (Recipe Recipe, double Cosine)? second = null;
        foreach (var (i, candidate) in candidates.Index())
        {
            _work.EnterCandidate(i + 1, candidates.Count);
            if (candidate.IsStorage && second is not null)
                break;
            if (TryUnless(candidate.WhyNot, candidate.Recipe, reference) is not { } result)
                continue;
            var cosine = result
                .Fidelity.Outputs.Where(output => output.IsMeasured && output.Kind == FidelityKind.Embedding)
                .Select(output => output.Cosine?.Mean ?? 1)
                .DefaultIfEmpty(1)
                .Min();
            if (candidate.IsStorage || cosine >= CloseCosine || !_request.Recipe.IsAuto)
                return result;
            _attempts.RemoveAt(_attempts.Count - 1);
            Refuse(
                candidate.Recipe,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"within the budget, with a mean cosine of {cosine:0.0000}; what comes to {CloseCosine} is preferred"
                )
            );
            if (second is null || cosine > second.Value.Cosine)
                second = (candidate.Recipe, cosine);
        }

        return second is { } best ? Try(best.Recipe, reference) : null;
    }

    private (ReferenceRun? Run, string? WhyNot) RunOriginal(bool asWritten = false) =>
        ReferenceRun.Record(
            _original.Outline,
            _request.ModelPath,
            _original.Fed,
            _request.CalibrationData,
            _cancellationToken,
            _original.Calibration as StoredCalibration,
            _request.OutputHints,
            asWritten
        );

    private PartitionFacts Cut()
    {
        _work.Enter($"cutting it into {_request.Stages} stages");
        if (_request.Verify && _samples is null)
        {
            // Nothing has been run so far.
            var (run, whyNot) = RunOriginal();
            using (run)
                _samples = run?.Samples ?? throw new CompressionException(Codes.Stages, $"The stages cannot be verified: {whyNot}.");
        }

        return new StagedOutput(_original, _workspace, _cancellationToken).Replace(_request.Stages, _samples);
    }

    // There is a first sample: the original ran on it.
    private IReadOnlyList<AutoCandidate> Recipes(ISampleSource samples) =>
        _request.Recipe.IsAuto
            ? AutoRecipe.Candidates(
                _original.Load(),
                _request.Target,
                samples.Read(_cancellationToken).First().Shapes(),
                _original.Calibration,
                _cancellationToken
            )
            : [new AutoCandidate(_request.Recipe, WhyNot: null)];

    private VerifiedCandidate? TryUnless(string? whyNot, Recipe recipe, ReferenceRun reference)
    {
        if (whyNot is null)
            return Try(recipe, reference);
        Refuse(recipe, whyNot);
        return null;
    }

    private VerifiedCandidate? Try(Recipe recipe, ReferenceRun? reference)
    {
        _work.Report($"trying '{ShortRecipe.Of(recipe.ToString())}'");
        if (Guarded(recipe, reference, () => _candidates.Make(recipe, reference)) is not { } steps)
            return null;
        if (_request.Recipe.IsAuto && recipe.Steps.Count > 1 && steps.Skip(1).All(step => step.Report.Changes.Count == 0))
        {
            Refuse(recipe, "it finds nothing to do beyond optimize");
            return null;
        }

        if (Saving() is not { } saving)
            return NotSmaller(recipe);

        if (reference is not null)
            return Judge(recipe, steps, reference, saving);
        _work.ReachLast();
        _work.Report("loading the result");
        Guarded(recipe, reference, _candidates.Load);
        Keep(recipe.ToString(), $"not verified, {saving}");
        return new VerifiedCandidate(steps, FidelityReport.NotMeasured, []);
    }

    private VerifiedCandidate? Judge(Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, string saving)
    {
        if (Guarded(recipe, reference, () => _candidates.Compare(recipe, reference)) is not { } fidelity)
            return null;
        var isPrecise = recipe.Steps.All(step => step.Definition.IsPrecise);
        var verdicts = _judge.Verify(fidelity, isPrecise);
        foreach (var verdict in verdicts)
        {
            var budget = verdict.Budget is null ? "" : $", held against {verdict.Budget}";
            _work.Report($"'{ShortRecipe.Of(recipe.ToString())}': {FidelityWords.Name(verdict.Fidelity)} gets {verdict.Measured}{budget}");
        }

        if (verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed)
        {
            // Where no step changes an answer, perhaps the original is off.
            if (recipe.Steps.All(step => step.Definition.IsExact) && _written.InPlaceOf(reference, calls: int.MaxValue) is { } written)
                using (written)
                    return Judge(recipe, steps, written, saving);
            if (!reference.IsAsWritten || _written.Answers(reference, _workspace.ModelPath, isPrecise) is not { } answers)
                return Missed(recipe, steps, reference, missed, fidelity);
            (fidelity, verdicts) = answers;
            _written.WarnOfResult(recipe.ToString(), missed);
        }

        if (OutputVerdict.ProveNothing(verdicts))
        {
            if (!isPrecise)
                return Unproven(recipe, fidelity);
            Keep(recipe.ToString(), $"not measured, and exact by itself: {FidelityWords.NotExercised(fidelity)}; {saving}");
            return new VerifiedCandidate(steps, fidelity, verdicts);
        }

        Keep(recipe.ToString(), $"within the budget, {saving}");
        return new VerifiedCandidate(steps, fidelity, verdicts);
    }

    // The whole model is beyond the budget: perhaps it is a few layers that do it.
    private VerifiedCandidate? Missed(Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, OutputVerdict missed, FidelityReport fidelity)
    {
        var search = new MixedPrecision(_original, _candidates, reference, _judge, _request.Recipe.IsAuto, _work, _cancellationToken);
        var mixed = search.Search(recipe, steps, fidelity.Calls);
        if (mixed?.Candidate is { } found)
        {
            if (Saving() is not { } saving)
                return NotSmaller(mixed.Recipe);
            Keep(
                mixed.Recipe.ToString(),
                $"within the budget with {mixed.Ranking.Where(rank => rank.Returned).DistinctBy(rank => rank.Layer).Count()} layers in float, {saving}"
            );
            return found;
        }

        var why =
            $"{FidelityWords.Name(missed.Fidelity)}: {missed.Measured}, beyond {missed.Budget} on {fidelity.Judged} "
            + $"{(fidelity.Inputs == "made" ? "made inputs" : "samples of the calibration data")}";
        if (FidelityWords.NotExercised(fidelity) is { Length: > 0 } unproven)
            why += $"; {unproven}";
        if (mixed is not null)
            why += $"; the layers that cost most are {mixed.Worst}, and {mixed.Conclusion}";
        if (!_request.Recipe.IsAuto)
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The recipe '{recipe}' changes the model's answers too much: {why}. Use a gentler recipe such as 'auto', exclude layers, or widen the budget."
            );
        Refuse(recipe, why);
        return null;
    }

    // Nothing is known of the answers.
    private VerifiedCandidate? Unproven(Recipe recipe, FidelityReport fidelity)
    {
        var why = FidelityWords.NotExercised(fidelity);
        if (!_request.Recipe.IsAuto)
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The recipe '{recipe}' cannot be verified: {why}. Steps that are exact by themselves, such as 'optimize' and 'float16-weights', need no proof."
            );
        Refuse(recipe, $"its answers were not measured: {why}");
        return null;
    }

    // Somebody who asks for zeros means the zipped size; what nobody asked for has to gain on disk.
    private string? Saving() => _candidates.Saving(orZipped: !_request.Recipe.IsAuto);

    private VerifiedCandidate? NotSmaller(Recipe recipe)
    {
        Refuse(recipe, string.Create(CultureInfo.InvariantCulture, $"it would have {_candidates.Bytes:N0} bytes, and the original has {_original.Bytes:N0}"));
        if (!_request.Recipe.IsAuto)
            _warnings.Add(new Warning(Codes.OriginalKept, $"'{recipe}' does not make the model smaller, neither on disk nor zipped; the original is kept."));
        return null;
    }

    // A part of the work in which ONNX Runtime may refuse what a recipe makes; null where 'auto' goes on with another recipe.
    private T? Guarded<T>(Recipe recipe, ReferenceRun? reference, Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException exception)
        {
            var why = FaultyStep.Describe(_original.Context, recipe, reference?.Samples.Read(_cancellationToken).FirstOrDefault(), exception);
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.ModelUnreadable, $"The recipe '{recipe}' cannot be used on this model: {why}", inner: exception);
            Refuse(recipe, why);
            return null;
        }
        catch (CompressionException exception)
            when (FaultyStep.Cause(exception) is { } cause && (_request.Recipe.IsAuto || (reference is not null && exception.Code == Codes.CalibrationData)))
        {
            // The original runs on the data, so it is not the data that is wrong.
            var why =
                exception.Code == Codes.CalibrationData
                    ? $"ONNX Runtime does not run a step's model on the data on which the original runs: {Sessions.Reason(cause)}"
                    : exception.Message;
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(
                    Codes.ModelUnreadable,
                    $"The recipe '{recipe}' cannot be used on this model: {why} Use another recipe, such as 'auto'.",
                    inner: cause
                );
            Refuse(recipe, why);
            return null;
        }
    }

    private void Keep(string recipe, string why)
    {
        _work.Report($"'{ShortRecipe.Of(recipe)}' is good: {why}");
        _attempts.Add(new AttemptFacts(recipe, AttemptFacts.Kept, why));
    }

    private void Refuse(Recipe recipe, string why)
    {
        _work.Report($"'{ShortRecipe.Of(recipe.ToString())}' is dropped: {why}");
        _attempts.Add(new AttemptFacts(recipe.ToString(), AttemptFacts.Refused, why));
    }

    // Byte for byte where that is possible: the wrapper compares the contract itself when the file carries no hash.
    private void KeepOriginal()
    {
        if (!_request.Recipe.IsNone)
            Keep("original", "no recipe made it smaller within the budget");
        if (_request.Recipe.IsNone || !_request.Verify)
            ReferenceRun.Load(_request.ModelPath);
        _workspace.Clear();
        if (_original.Files.Count == 1 && !_original.ChangesContract)
        {
            _workspace.CopyFrom(_request.ModelPath);
            return;
        }

        var model = _original.Load();
        RecipePipeline.Adapt(model, _request.Recipe);
        model.SetMetadata(ModelSignature.MetadataKey, _original.Signature.Hash());
        model.Save(_workspace.ModelPath, cancellationToken: _cancellationToken);
    }
}
