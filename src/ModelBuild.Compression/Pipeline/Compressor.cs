using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Quantization.Static;
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
    // Layers are ranked on a few calls; the budget itself is held on all of them.
    private const int RankingCalls = 8;

    private readonly CompressionRequest _request;
    private readonly bool _replacesOriginal;
    private readonly IProgress<string>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly List<AttemptFacts> _attempts = [];
    private readonly List<string> _warnings = [];
    private ICalibrationContext? _calibration;
    private IReadOnlyList<LayerRank> _ranking = [];

    private Compressor(CompressionRequest request, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        _request = request;
        _replacesOriginal = Path.GetFullPath(request.ModelPath) == Path.GetFullPath(request.OutputPath);
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
        var outline = Outline();
        var signature = SignatureReader.Read(outline);
        string[] originalFiles = [_request.ModelPath, .. outline.ExternalFiles];
        var originalFacts = Task.Run(() => FileMeasure.Of(outline, originalFiles, _cancellationToken), _cancellationToken);

        using var workspace = new OutputWorkspace(_request.OutputPath);
        var candidate = Candidate(outline, signature, originalFiles.Sum(file => new FileInfo(file).Length), workspace);
        if (candidate is null)
            KeepOriginal(outline, signature, workspace);

        _progress?.Report("measuring");
        var compressedFacts = FileMeasure.Of(LoadOutline(workspace.ModelPath), workspace.Files, _cancellationToken);
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
            Steps = [.. candidate?.Steps.Select(StepFacts.Of) ?? []],
            Attempts = _attempts,
            Verification = candidate is null ? null : new VerificationFacts(candidate.Fidelity),
            Fidelity = [.. candidate?.Verdicts.Select(FidelityFacts.Of) ?? []],
            Warnings = _warnings,
        };
        workspace.Commit();
        return receipt;
    }

    private sealed record VerifiedCandidate(IReadOnlyList<StepReport> Steps, FidelityReport Fidelity, IReadOnlyList<OutputVerdict> Verdicts);

    private VerifiedCandidate? Candidate(OnnxModel outline, ModelSignature signature, long originalBytes, OutputWorkspace workspace)
    {
        if (_request.Recipe.IsNone)
        {
            Keep(Recipe.None, "nothing was asked for");
            return null;
        }

        _calibration = RealData(outline, signature);
        var judge = new OutputJudge(outline, signature, _request.Budget, _request.LabelCount);
        if (!_request.Verify)
        {
            if (_request.Recipe.IsAuto)
                throw new CompressionException(Codes.UnknownOption, "The recipe 'auto' chooses by what it measures, so it cannot go unverified: name the steps.");
            return Try(_request.Recipe, signature, reference: null, judge, originalBytes, workspace);
        }

        _progress?.Report("running the original");
        var (reference, whyNot) = ReferenceRun.Record(outline, _request.ModelPath, signature, _request.CalibrationData, _cancellationToken, _calibration as StoredCalibration);
        LargeModels.LetGo(new FileInfo(_request.ModelPath).Length);
        if (reference is null)
        {
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.FidelityMissed, $"The recipe '{_request.Recipe.Name}' cannot be verified: {whyNot}.");
            Refuse(_request.Recipe, whyNot!);
            return null;
        }

        using (reference)
            return Recipes(reference.Samples).Select(recipe => Try(recipe, signature, reference, judge, originalBytes, workspace)).FirstOrDefault(candidate => candidate is not null);
    }

    // There is a first sample: the original ran on it.
    private IReadOnlyList<Recipe> Recipes(ISampleSource samples) =>
        _request.Recipe.IsAuto ? AutoRecipe.Candidates(LoadOriginal(), _request.Target, samples.Read(_cancellationToken).First().Shapes(), hasData: _calibration is not null) : [_request.Recipe];

    private VerifiedCandidate? Try(Recipe recipe, ModelSignature signature, ReferenceRun? reference, OutputJudge judge, long originalBytes, OutputWorkspace workspace)
    {
        _progress?.Report(recipe.ToString());
        var steps = Rewrite(recipe, signature, workspace);
        if (_request.Recipe.IsAuto && recipe.Steps.Count > 1 && steps.Skip(1).All(step => step.Report.Changes.Count == 0))
        {
            Refuse(recipe, "it finds nothing to do beyond optimize");
            return null;
        }

        var bytes = workspace.Files.Sum(file => new FileInfo(file).Length);
        if (bytes >= originalBytes)
        {
            Refuse(recipe, string.Create(CultureInfo.InvariantCulture, $"it would have {bytes:N0} bytes, and the original has {originalBytes:N0}"));
            if (!_request.Recipe.IsAuto)
                _warnings.Add($"'{recipe}' does not make the model smaller; the original is kept.");
            return null;
        }

        if (reference is null)
        {
            Keep(recipe.ToString(), string.Create(CultureInfo.InvariantCulture, $"not verified, {(double)bytes / originalBytes:P0} of the original's size"));
            return new VerifiedCandidate(steps, FidelityReport.NotMeasured, []);
        }

        if (Verify(recipe, reference, workspace) is not { } fidelity)
            return null;
        var verdicts = judge.Judge(fidelity, recipe.Steps.All(step => step.Definition.IsPrecise));
        if (verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed)
            return TryMixed(recipe, steps, reference, judge, signature, originalBytes, workspace) ?? Miss(recipe, missed, fidelity);
        Keep(recipe.ToString(), string.Create(CultureInfo.InvariantCulture, $"within the budget, {(double)bytes / originalBytes:P0} of the original's size"));
        return new VerifiedCandidate(steps, fidelity, verdicts);
    }

    // The whole model in int8 is beyond the budget: perhaps it is a few layers that do it.
    private VerifiedCandidate? TryMixed(
        Recipe recipe, IReadOnlyList<StepReport> steps, ReferenceRun reference, OutputJudge judge, ModelSignature signature, long originalBytes, OutputWorkspace workspace)
    {
        _ranking = [];
        string[] layers = [.. steps.SelectMany(step => step.Report.Nodes).Where(node => node.Became != "float").Select(node => node.Name)];
        if (layers.Length == 0 || _calibration?.HeldOut is null)
            return null;
        using var heldOut = new HeldOutJudge(Context(), RankingCalls);
        var search = new MixedPrecision(MixedPrecision.WriteOut(recipe, steps), candidate => Estimate(candidate, heldOut));
        VerifiedCandidate? good = null;
        var found = search.Search(layers, candidate =>
        {
            _progress?.Report($"returning layers to float: {candidate}");
            var reports = Rewrite(candidate, signature, workspace);
            if (Verify(candidate, reference, workspace) is not { } fidelity)
                return (false, double.NegativeInfinity);
            var verdicts = judge.Judge(fidelity, isPrecise: false);
            if (!verdicts.All(verdict => verdict.Passed))
                return (false, verdicts.Where(verdict => !verdict.Passed).Min(verdict => verdict.Fidelity.SqnrDb));
            good = new VerifiedCandidate(reports, fidelity, verdicts);
            return (true, 0);
        });
        _ranking = search.Ranking;
        if (found is null || good is null)
            return null;
        good.Steps.First(step => step.Report.Nodes.Count > 0).Report.Rank(search.Ranking);
        var bytes = workspace.Files.Sum(file => new FileInfo(file).Length);
        Keep(found.ToString(), string.Create(CultureInfo.InvariantCulture, $"within the budget with {search.Ranking.Count(rank => rank.Returned)} layers in float, {(double)bytes / originalBytes:P0} of the original's size"));
        return good;
    }

    private double Estimate(Recipe recipe, HeldOutJudge heldOut)
    {
        var context = Context();
        RecipePipeline.Run(context, recipe);
        return heldOut.SqnrDb(context.Model);
    }

    private VerifiedCandidate? Miss(Recipe recipe, OutputVerdict missed, FidelityReport fidelity)
    {
        var why = $"output '{missed.Fidelity.Output}': {missed.Measured}, beyond {missed.Budget} on {fidelity.Calls} {(fidelity.Inputs == "made" ? "made inputs" : "calls with calibration data")}";
        if (_ranking.Count > 0)
            why += $"; the layers that cost most are {string.Join(", ", _ranking.Take(3).Select(rank => string.Create(CultureInfo.InvariantCulture, $"'{rank.Layer}' ({rank.GainDb:0.0} dB)")))}, and not even all layers in float are enough";
        if (!_request.Recipe.IsAuto)
            throw new CompressionException(Codes.FidelityMissed, $"The recipe '{recipe}' changes the model's answers too much: {why}. Use a gentler recipe such as 'auto', exclude layers, or widen the budget.");
        Refuse(recipe, why);
        return null;
    }

    // Samples where the project gives any; else what a calibration file keeps of them.
    private ICalibrationContext? RealData(OnnxModel outline, ModelSignature signature)
    {
        if (_request.CalibrationData.Count > 0)
            return new CalibrationContext(new CalibrationFiles(_request.CalibrationData, signature), cancellationToken: _cancellationToken);
        return _request.CalibrationFile is { } file ? CalibrationFile.Load(file, [_request.ModelPath, .. outline.ExternalFiles]) : null;
    }

    private IReadOnlyList<StepReport> Rewrite(Recipe recipe, ModelSignature signature, OutputWorkspace workspace)
    {
        var context = Context();
        var model = context.Model;
        var steps = RecipePipeline.Run(context, recipe);
        model.SetMetadata(ModelSignature.MetadataKey, signature.Hash());
        IntegerArithmetic.Describe(model);
        model.Save(workspace.ModelPath, cancellationToken: _cancellationToken);
        model.ReleaseWeights();
        return steps;
    }

    private FidelityReport? Verify(Recipe recipe, ReferenceRun reference, OutputWorkspace workspace)
    {
        LargeModels.LetGo(new FileInfo(_request.ModelPath).Length);
        try
        {
            // Not Progress<int>: that one reports from other threads, and after the work is done.
            void OnCall(int calls) => _progress?.Report(string.Create(CultureInfo.InvariantCulture, $"verifying '{recipe}', call {calls}"));
            return reference.Compare(workspace.ModelPath, OnCall, _cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            var culprit = RecipePipeline.FindCulprit(Context(), recipe) ?? Sessions.Reason(exception);
            if (!_request.Recipe.IsAuto)
                throw new CompressionException(Codes.ModelUnreadable, $"The recipe '{recipe}' cannot be used on this model: {culprit}", inner: exception);
            Refuse(recipe, culprit);
            return null;
        }
    }

    private void Keep(string recipe, string why) => _attempts.Add(new AttemptFacts(recipe, AttemptFacts.Kept, why));

    private void Refuse(Recipe recipe, string why) => _attempts.Add(new AttemptFacts(recipe.ToString(), AttemptFacts.Refused, why));

    // Byte for byte where that is possible: the wrapper compares the contract itself when the file carries no hash.
    private void KeepOriginal(OnnxModel outline, ModelSignature signature, OutputWorkspace workspace)
    {
        if (!_request.Recipe.IsNone)
            Keep("original", "no recipe made it smaller within the budget");
        workspace.Clear();
        if (outline.ExternalFiles.Count == 0)
        {
            workspace.CopyFrom(_request.ModelPath);
            return;
        }

        var model = LoadOriginal();
        model.SetMetadata(ModelSignature.MetadataKey, signature.Hash());
        model.Save(workspace.ModelPath, cancellationToken: _cancellationToken);
    }

    // Reading everything once finds damage before ONNX Runtime does, and says where; the weights are let go again, because the graph is enough until a recipe runs.
    private OnnxModel Outline()
    {
        LoadOriginal();
        LargeModels.LetGo(new FileInfo(_request.ModelPath).Length);
        return LoadOutline(_request.ModelPath);
    }

    private PassContext Context() => new(LoadOriginal(), new PassReport(), _cancellationToken) { Target = _request.Target, Calibration = _calibration };

    private OnnxModel LoadOriginal() => OnnxModel.Load(_request.ModelPath, new OnnxLoadOptions { MapWeights = !_replacesOriginal }, _cancellationToken);

    private OnnxModel LoadOutline(string path) => OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, _cancellationToken);
}
