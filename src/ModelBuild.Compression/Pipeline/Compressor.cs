using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Inspection;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Compresses one model: searches for a result that is smaller and within the budget, or keeps the original, cuts the chosen model into stages if the request
/// has several, writes the receipt, and puts all files in place at once.
/// </summary>
internal sealed class Compressor
{
    private readonly CompressionRequest _request;
    private readonly OriginalModel _original;
    private readonly OutputWorkspace _workspace;
    private readonly WorkLog _work;
    private readonly CancellationToken _cancellationToken;
    private readonly AttemptLog _attempts;
    private readonly List<Warning> _warnings = [];

    private Compressor(CompressionRequest request, OriginalModel original, OutputWorkspace workspace, WorkLog work, CancellationToken cancellationToken)
    {
        (_request, _original, _workspace, _work, _cancellationToken) = (request, original, workspace, work, cancellationToken);
        _attempts = new AttemptLog(work);
    }

    /// <summary>Compresses a model and writes the result to <see cref="CompressionRequest.OutputPath"/>.</summary>
    /// <param name="request">The model, the recipe, the data and the budget.</param>
    /// <param name="progress">Receives the work that is done and its results.</param>
    /// <param name="cancellationToken">Ends the work. No incomplete file remains.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget is at fault.</exception>
    public static Receipt Compress(CompressionRequest request, IProgress<WorkLine>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var work = new WorkLog(progress);
        work.Enter("reading");
        using var original = OriginalModel.Open(request, cancellationToken);
        using var workspace = OutputWorkspace.Create(request.OutputPath);
        return new Compressor(request, original, workspace, work, cancellationToken).Run();
    }

    private Receipt Run()
    {
        var picture = FindPicture();
        var measuring = Task.Run(() => FileMeasure.Of(_original.Skeleton, _original.Files, _cancellationToken), _cancellationToken);
        var builder = new CandidateBuilder(_original, _workspace, _work, _cancellationToken);
        var (kept, samples) = SearchTrained(builder);
        if (kept is null)
            KeepOriginal();

        var inspection = Inspect(builder.Meter, kept, samples);
        var preprocessing = picture is null ? null : Preprocess(picture);
        var result = _original.LoadSkeleton(_workspace.ModelPath);
        var partition = _request.Stages > 1 ? Cut(samples, picture) : null;
        _work.Enter("measuring");
        var resultFiles = FileMeasure.Of(result, _workspace.Files, _cancellationToken);
        CheckSize(resultFiles.Bytes);
        var receipt = new ReceiptBuilder(_request, _original.Skeleton, result, kept).Build(
            measuring.GetAwaiter().GetResult(),
            resultFiles,
            builder.Meter,
            _attempts.Attempts,
            preprocessing,
            partition,
            inspection,
            _warnings
        );
        _workspace.Commit();
        _original.Training?.Checkpoints?.Delete();
        return receipt;
    }

    // The trained values are kept before anything else can fail, and also where the result misses the budget, because training may take hours.
    private (VerifiedCandidate? Kept, ISampleSource? Samples) SearchTrained(CandidateBuilder builder)
    {
        try
        {
            var result = Search(builder);
            KeepTrained(result.Kept?.Verdicts ?? []);
            return result;
        }
        catch (CompressionException exception) when (exception.Code == Codes.FidelityMissed)
        {
            if (!KeepTrained([]))
                throw WithCheckpoints(exception);
            _original.Training?.Checkpoints?.Delete();
            throw new CompressionException(
                exception.Code,
                $"{exception.Message} The trained values are kept in '{_request.KeepTrained}', so that another budget needs no training.",
                exception.File,
                exception
            );
        }
        catch (CompressionException exception) when (exception.Code == Codes.TrainedValuesStale && exception.File is null)
        {
            throw new CompressionException(exception.Code, $"{exception.Message} Renew them with '{_request.TrainCommand}'.", _request.TrainedFile, exception);
        }
    }

    // Adds the saved states of the training steps to an error. Without a file of trained values, nothing else is left of the training.
    private CompressionException WithCheckpoints(CompressionException exception) =>
        _original.Training?.Checkpoints is { Exists: true } checkpoints
            ? new CompressionException(
                exception.Code,
                $"{exception.Message} The state of the training is kept in '{checkpoints.Location}': with --resume and another budget, nothing is "
                    + "trained again.",
                exception.File,
                exception
            )
            : exception;

    private bool KeepTrained(IReadOnlyList<OutputVerdict> verdicts) =>
        StoredTraining.Keep(
            _request,
            _original.Files,
            _original.Training?.Results ?? [],
            [.. verdicts.Select(FidelityFacts.Of).Select(FidelityFigures.Line)],
            _cancellationToken
        );

    private (VerifiedCandidate? Kept, ISampleSource? Samples) Search(CandidateBuilder builder)
    {
        if (_request.Verify)
            _original.Reference.Make(_work);
        var judge = new OutputVerifier(_request.Budget);
        var agreement = new OutputVerifier(
            _request.Budget with
            {
                MinSqnr = Math.Min(_request.Budget.LeastSqnr, WrittenReference.Agreement),
                SparesNegligible = true,
            }
        );
        var written = new WrittenReference(
            _original.Skeleton,
            _original.Reference.Path,
            () => _original.Record(asWritten: true).Run,
            judge,
            agreement,
            _warnings.Add,
            _cancellationToken
        );
        var trial = new CandidateTrial(_original, builder, judge, written, _request.Recipe.IsAuto, _work, _cancellationToken);
        return new CandidateSearch(_request, _original, trial, written, _attempts, _warnings.Add, _work, _cancellationToken).Run();
    }

    // Keeps the original as the result. The file is copied byte for byte where that is possible. A copy has no hash of the contract in its metadata, so the
    // generated class compares the contract itself.
    private void KeepOriginal()
    {
        if (!_request.Recipe.IsNone)
            _attempts.AddKept("original", "no recipe makes the model smaller within the budget");
        if (_request.Recipe.IsNone || !_request.Verify)
            ReferenceRun.Load(_request.ModelPath);
        _workspace.Clear();
        if (_original.Files.Count == 1 && !_original.HasChangedContract)
        {
            _workspace.CopyFrom(_request.ModelPath);
            return;
        }

        var model = _original.Load();
        RecipePipeline.Adapt(model, _request.Recipe);
        model.SetMetadata(ModelSignature.MetadataKey, _original.Signature.Hash());
        model.Save(_workspace.ModelPath, cancellationToken: _cancellationToken);
    }

    // Collects facts about the layers and the graph of the result. It runs before the preparation of images and the cut into stages, which change the graph.
    private InspectionFacts Inspect(CostMeter meter, VerifiedCandidate? kept, ISampleSource? samples)
    {
        _work.Enter("inspecting layers");
        // The weights of the result are read into memory, because a mapped file cannot be moved on each operating system.
        var (before, after) = (_original.LoadReference(), OnnxModel.Load(_workspace.ModelPath, cancellationToken: _cancellationToken));
        var inspection = new ModelInspection(before, after, meter.InputShapes, kept?.Steps ?? []);
        var errors = kept is null || samples is null || LayerErrors.AreTooLarge(before) ? null : new LayerErrors(before, after, _cancellationToken);
        var facts = inspection.Run(errors, errors is null ? null : _original.Calibration?.HeldOut ?? samples);
        before.ReleaseWeights();
        after.ReleaseWeights();
        return facts;
    }

    // Finds the input of pictures and checks its preparation. The check runs before the compression, because the compression takes much longer.
    private PictureInput? FindPicture()
    {
        if (_request.Preprocess is not { } preprocess)
            return null;
        var input = PictureInput.Find(_original.Signature, preprocess.Description);
        GraphPreparation.Check(_original.Skeleton, input);
        return input;
    }

    private PreprocessingFacts Preprocess(PictureInput input)
    {
        _work.Enter("adding the preparation of images");
        return new PictureOutput(_original, _workspace, input, _request.Preprocess!.Pictures, _cancellationToken).Replace(_request.Verify);
    }

    private PartitionFacts Cut(ISampleSource? samples, PictureInput? picture)
    {
        _work.Enter($"cutting it into {_request.Stages} stages");
        var output = new StageOutput(_original, _workspace, _cancellationToken);
        if (picture is null)
            return output.Replace(_request.Stages, samples ?? SamplesOfStages(), _original.Calibration?.All);
        var pictures = new PictureSamples(picture, _request.Preprocess!.Pictures);
        return output.Replace(_request.Stages, _request.Verify ? pictures : null, pictures);
    }

    // Returns the samples for the verification of stages. With the recipe 'none' the original did not run before, but its stages are verified as well.
    private ISampleSource? SamplesOfStages()
    {
        if (!_request.Verify)
            return null;
        var (run, whyNot) = _original.Record();
        using (run)
            return run?.Samples ?? throw new CompressionException(Codes.Stages, $"The stages cannot be verified: {whyNot}.");
    }

    private void CheckSize(long bytes)
    {
        if (_request.MaxSize is { } maxSize && bytes > maxSize)
            throw new CompressionException(
                Codes.SizeMissed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The compressed model has {bytes:N0} bytes, {bytes - maxSize:N0} more than MaxSize allows: use a stronger recipe, or raise MaxSize."
                )
            );
    }
}
