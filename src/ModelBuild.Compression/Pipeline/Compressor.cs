using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Compresses one model: tries its recipes in order, verifies each result against the original, and puts the first good one in place, all at once.
/// An explicit recipe that misses its budget fails; <c>auto</c> falls back, down to the original.
/// </summary>
public sealed class Compressor
{
    private readonly CompressionRequest _request;
    private readonly IProgress<string>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly List<Attempt> _attempts = [];
    private readonly List<string> _warnings = [];

    private Compressor(CompressionRequest request, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        _request = request;
        _progress = progress;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Compresses a model and writes the result to <see cref="CompressionRequest.OutputPath"/>.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told what is being done, in words.</param>
    /// <param name="cancellationToken">Ends the work; nothing half-written stays behind.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget is at fault.</exception>
    public static Receipt Compress(CompressionRequest request, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Compressor(request, progress, cancellationToken).Run();
    }

    private Receipt Run()
    {
        _progress?.Report("reading");
        var original = OnnxModel.Load(_request.ModelPath, cancellationToken: _cancellationToken);
        var signature = SignatureReader.Read(original);
        string[] originalFiles = [_request.ModelPath, .. original.ExternalFiles];
        var originalFacts = Task.Run(() => FileMeasure.Of(original, originalFiles, _cancellationToken), _cancellationToken);

        using var workspace = new OutputWorkspace(_request.OutputPath);
        var candidate = Candidate(original, signature, originalFiles, workspace);
        if (candidate is null)
            KeepOriginal(original, signature, workspace);

        _progress?.Report("measuring");
        var result = candidate?.Model ?? original;
        var compressedFacts = FileMeasure.Of(result, workspace.Files, _cancellationToken);
        if (_request.MaxSize is { } maxSize && compressedFacts.Bytes > maxSize)
            throw new CompressionException(
                Codes.SizeMissed,
                string.Create(CultureInfo.InvariantCulture, $"The compressed model has {compressedFacts.Bytes:N0} bytes, {compressedFacts.Bytes - maxSize:N0} more than MaxSize allows: use a stronger recipe, or raise MaxSize."));

        var receipt = new Receipt
        {
            ModelBuild = EngineVersion.Text,
            Model = _request.DisplayName,
            Target = _request.Target,
            Original = originalFacts.GetAwaiter().GetResult(),
            Compressed = compressedFacts,
            Recipe = new RecipeFacts(_request.Recipe.Name, [.. candidate?.Steps.Select(step => step.Step) ?? []]),
            Steps = [.. candidate?.Steps.Select(step => new StepFacts(step.Step, step.Report.Changes, step.Report.LeftAlone)) ?? []],
            Attempts = [.. _attempts.Select(attempt => new AttemptFacts(attempt.Recipe, attempt.Kept ? "kept" : "refused", attempt.Why))],
            Verification = candidate is null ? null : new VerificationFacts(candidate.Fidelity),
            Fidelity = [.. candidate?.Verdicts.Select(FidelityFacts.Of) ?? []],
            Warnings = _warnings,
        };
        workspace.Commit();
        return receipt;
    }

    private sealed record VerifiedCandidate(OnnxModel Model, IReadOnlyList<StepReport> Steps, FidelityReport Fidelity, IReadOnlyList<OutputVerdict> Verdicts);

    private VerifiedCandidate? Candidate(OnnxModel original, ModelSignature signature, string[] originalFiles, OutputWorkspace workspace)
    {
        if (_request.Recipe.IsNone)
        {
            _attempts.Add(new Attempt(Recipe.None, Kept: true, "nothing was asked for"));
            return null;
        }

        var (samples, whyNot) = VerificationInputs.Choose(original, _request.ModelPath, signature, _request.CalibrationData, _cancellationToken);
        if (samples is null)
        {
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.FidelityMissed, $"The recipe '{_request.Recipe.Name}' cannot be verified: {whyNot}.");
            _attempts.Add(new Attempt(Recipe.Auto, Kept: false, whyNot!));
            return null;
        }

        var judge = new OutputJudge(original, signature, _request.Budget, _request.LabelCount);
        var recipes = _request.Recipe.IsAuto ? AutoRecipe.Candidates(original, _request.Target, InputShapes(signature, samples)) : [_request.Recipe];
        foreach (var recipe in recipes)
            if (Try(recipe, original, signature, samples, judge, originalFiles.Sum(file => new FileInfo(file).Length), workspace) is { } candidate)
                return candidate;
        return null;
    }

    private VerifiedCandidate? Try(
        Recipe recipe, OnnxModel original, ModelSignature signature, ISampleSource samples, OutputJudge judge, long originalBytes, OutputWorkspace workspace)
    {
        _progress?.Report(recipe.ToString());
        var model = original.Clone();
        var steps = RecipePipeline.Run(model, recipe, _cancellationToken);
        model.SetMetadata(ModelSignature.MetadataKey, signature.Hash());
        model.Save(workspace.ModelPath, cancellationToken: _cancellationToken);

        var bytes = workspace.Files.Sum(file => new FileInfo(file).Length);
        if (bytes >= originalBytes)
        {
            Refuse(recipe, string.Create(CultureInfo.InvariantCulture, $"it would have {bytes:N0} bytes, and the original has {originalBytes:N0}"));
            if (!_request.Recipe.IsAuto)
                _warnings.Add($"'{recipe}' does not make the model smaller; the original is kept.");
            return null;
        }

        var fidelity = Verify(recipe, original, samples, workspace);
        var verdicts = judge.Judge(fidelity, recipe.Steps.All(step => step.Definition.IsPrecise));
        if (verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed)
        {
            var why = $"output '{missed.Fidelity.Output}': {missed.Measured}, beyond {missed.Budget} on {fidelity.Calls} {(fidelity.Inputs == "made" ? "made inputs" : "calls with calibration data")}";
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.FidelityMissed, $"The recipe '{recipe}' changes the model's answers too much: {why}. Use a gentler recipe such as 'auto', exclude layers, or widen the budget.");
            Refuse(recipe, why);
            return null;
        }

        _attempts.Add(new Attempt(recipe.ToString(), Kept: true, string.Create(CultureInfo.InvariantCulture, $"within the budget, {(double)bytes / originalBytes:P0} of the original's size")));
        return new VerifiedCandidate(model, steps, fidelity, verdicts);
    }

    private FidelityReport Verify(Recipe recipe, OnnxModel original, ISampleSource samples, OutputWorkspace workspace)
    {
        try
        {
            var progress = new Progress<int>(calls => _progress?.Report(string.Create(CultureInfo.InvariantCulture, $"verifying '{recipe}', call {calls}")));
            return new Verifier(samples).Compare(_request.ModelPath, workspace.ModelPath, progress, _cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            var culprit = RecipePipeline.FindCulprit(original, recipe, _cancellationToken) ?? Sessions.Reason(exception);
            throw new CompressionException(Codes.ModelUnreadable, $"The recipe '{recipe}' cannot be used on this model: {culprit}", inner: exception);
        }
    }

    private void Refuse(Recipe recipe, string why) => _attempts.Add(new Attempt(recipe.ToString(), Kept: false, why));

    // Byte for byte where that is possible: the wrapper compares the contract itself when the file carries no hash.
    private void KeepOriginal(OnnxModel original, ModelSignature signature, OutputWorkspace workspace)
    {
        if (_attempts.Count == 0 || !_attempts[^1].Kept)
            _attempts.Add(new Attempt("original", Kept: true, "no recipe made it smaller within the budget"));
        if (original.ExternalFiles.Count == 0)
        {
            File.Copy(_request.ModelPath, workspace.ModelPath, overwrite: true);
            return;
        }

        var model = original.Clone();
        model.SetMetadata(ModelSignature.MetadataKey, signature.Hash());
        model.Save(workspace.ModelPath, cancellationToken: _cancellationToken);
    }

    private Dictionary<string, long[]> InputShapes(ModelSignature signature, ISampleSource samples) =>
        samples.Read(_cancellationToken).FirstOrDefault()?.Inputs.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal)
        ?? signature.Inputs.ToDictionary(input => input.Name, input => OpenDimensions.Guesses[0].Shape(input), StringComparer.Ordinal);
}
