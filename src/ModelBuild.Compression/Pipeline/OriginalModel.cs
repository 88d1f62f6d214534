using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The model that is compressed and the project's real data. The model is loaded again for each recipe.</summary>
internal sealed class OriginalModel : IDisposable
{
    private readonly CompressionRequest _request;
    private readonly CancellationToken _cancellationToken;
    private readonly Lazy<(ICalibrationContext? Context, StoredCalibration? Statistics)> _calibration;

    private OriginalModel(CompressionRequest request, OnnxModel skeleton, ModelSignature written, CancellationToken cancellationToken)
    {
        (_request, Skeleton, _cancellationToken) = (request, skeleton, cancellationToken);
        _calibration = new Lazy<(ICalibrationContext?, StoredCalibration?)>(OpenCalibration);
        Signature = SignatureReader.Read(skeleton);
        InputSignature = Signature with { Inputs = [.. Signature.Inputs.Zip(written.Inputs, (input, before) => input with { Type = before.Type })] };
        HasChangedContract = Signature.Hash() != written.Hash();
        Files = [request.ModelPath, .. skeleton.ExternalFiles];
        Bytes = Files.Sum(file => new FileInfo(file).Length);
        Training = OpenTraining();
        Reference = new ReferenceModel(request.ModelPath, request.Recipe, CreateContext);
    }

    /// <summary>Reads the model, and determines the inputs and outputs that it has after the recipe.</summary>
    /// <param name="request">The model's path, the recipe and the data.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="Diagnostics.CompressionException">A step trains, and there are neither trained values nor the permission to train.</exception>
    public static OriginalModel Open(CompressionRequest request, CancellationToken cancellationToken)
    {
        CheckWeights(request, cancellationToken);
        var skeleton = LoadSkeleton(request.ModelPath, cancellationToken);
        var written = SignatureReader.Read(skeleton);
        RecipePipeline.ChangeContract(skeleton, request.Recipe);
        return new OriginalModel(request, skeleton, written, cancellationToken);
    }

    /// <summary>
    /// The graph of the model without its weights, with the inputs and outputs that it has after the recipe. Runs and comparisons use this form.
    /// </summary>
    public OnnxModel Skeleton { get; }

    /// <summary>The signature that the model has after the recipe.</summary>
    public ModelSignature Signature { get; }

    /// <summary>The signature that calibration data is read for: shapes as after the recipe, and the element types of the model's own file.</summary>
    public ModelSignature InputSignature { get; }

    /// <summary>Whether the signature after the recipe differs from that of the file.</summary>
    public bool HasChangedContract { get; }

    /// <summary>The execution provider and the processor family that recipes are made for.</summary>
    public TargetProfile Target => _request.Target;

    /// <summary>The paths of the model's file and then of its external data.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The size of the model's files in bytes, including external data.</summary>
    public long Bytes { get; }

    /// <summary>
    /// The calibration samples of the project; the statistics of its calibration file if it has no samples; null if it has neither. The files are opened when a
    /// caller first needs them, so that a request that does not use the data does not fail because of a fault in the data.
    /// </summary>
    /// <exception cref="Diagnostics.CompressionException">The data is at fault.</exception>
    public ICalibrationContext? Calibration => _calibration.Value.Context;

    /// <summary>The teacher and the data of training steps, and their results; null where no step of the recipe trains.</summary>
    public TrainingSource? Training { get; }

    /// <summary>The model that results are compared with.</summary>
    public ReferenceModel Reference { get; }

    /// <summary>Runs the reference model on the project's data, or on synthetic inputs if the project has no data, and records the outputs.</summary>
    /// <param name="asWritten">Whether it runs without ONNX Runtime's own graph optimizations.</param>
    /// <returns>The run, or the reason why there is none.</returns>
    public (ReferenceRun? Run, string? WhyNot) Record(bool asWritten = false) =>
        ReferenceRun.Record(
            Skeleton,
            Reference.Path,
            InputSignature,
            _request.CalibrationData,
            _cancellationToken,
            _calibration.Value.Statistics,
            _request.OutputHints,
            asWritten,
            DescribedInputs.Of(_request.Descriptions, _request.Tokens),
            asWritten || Reference.Path != _request.ModelPath ? null : Shared
        );

    /// <summary>Loads the original model with its weights.</summary>
    public OnnxModel Load() => Load(_request, _cancellationToken);

    /// <summary>Loads the model that results are compared with, without weights among its inputs.</summary>
    public OnnxModel LoadReference()
    {
        var model = Reference.Path == _request.ModelPath ? Load() : Inlined(OnnxModel.Load(Reference.Path, cancellationToken: _cancellationToken));
        ModelPreparation.Prepare(model);
        return model;
    }

    /// <summary>Loads any model as a graph without its weights.</summary>
    public OnnxModel LoadSkeleton(string path) => LoadSkeleton(path, _cancellationToken);

    /// <summary>Loads the original model with its weights, and creates the context for the passes of a recipe.</summary>
    public PassContext CreateContext() =>
        new(Load(), new PassReport(), _cancellationToken)
        {
            Target = _request.Target,
            Folder = _request.Folder,
            Calibration = Calibration is { } calibration ? new WatchedCalibration(calibration) : null,
            Training = Training?.Begin(),
            OutputHints = _request.OutputHints,
        };

    public void Dispose() => Reference.Dispose();

    // The results that requests for the same model share. Shared results are not used if steps change the inputs or outputs, because the original then computes
    // other values, too.
    private SharedResults? Shared => HasChangedContract || _request.CalibrationData.Count == 0 ? null : _request.Shared;

    // Loads the whole model once, which finds damage before ONNX Runtime does and names the damaged tensor. Only the graph is kept until a recipe runs.
    private static void CheckWeights(CompressionRequest request, CancellationToken cancellationToken)
    {
        Load(request, cancellationToken);
        LargeModels.CollectAfterRelease(new FileInfo(request.ModelPath).Length);
    }

    // Loads the model with mapped weights. A file that the result replaces is read into memory instead, because a mapped file cannot be replaced on each
    // operating system.
    private static OnnxModel Load(CompressionRequest request, CancellationToken cancellationToken)
    {
        var isReplaced = Path.GetFullPath(request.ModelPath) == Path.GetFullPath(request.OutputPath);
        return Inlined(OnnxModel.Load(request.ModelPath, new OnnxLoadOptions { MapWeights = !isReplaced }, cancellationToken));
    }

    private static OnnxModel LoadSkeleton(string path, CancellationToken cancellationToken) =>
        Inlined(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken));

    // Replaces the model's own functions by the operators in them, because passes match the operators of a graph.
    private static OnnxModel Inlined(OnnxModel model)
    {
        LocalFunctions.Inline(model);
        return model;
    }

    private TrainingSource? OpenTraining()
    {
        if (!_request.Recipe.Trains)
            return null;
        var stored = StoredTraining.Read(_request, Files);
        stored.Check(_request);
        var origin = _request.CheckpointFolder is null && _request.Workers.Size == 1 ? "" : TrainingOrigin();
        return new TrainingSource
        {
            LoadTeacher = LoadTeacher,
            Data = _request.TrainingData,
            Validation = _request.ValidationData,
            Stored = stored.Steps,
            Threads = _request.Workers.Threads,
            Workers = _request.Workers,
            Origin = origin,
            Checkpoints = OpenCheckpoints(origin),
        };
    }

    private string TrainingOrigin()
    {
        string[] files = [.. Files, .. _request.TrainingData, .. _request.ValidationData, .. _request.CalibrationData, .. _request.RecipeFiles];
        return $"{EngineVersion.Text} {ContentHash.Of(files)}";
    }

    private CheckpointFolder? OpenCheckpoints(string origin)
    {
        if (_request.CheckpointFolder is not { } path || _request.Workers.Rank > 0)
            return null;
        var folder = new CheckpointFolder(path, origin);
        if (!_request.Resume)
            folder.Delete();
        return folder;
    }

    private OnnxModel LoadTeacher()
    {
        var teacher = Load();
        RecipePipeline.Adapt(teacher, _request.Recipe);
        return teacher;
    }

    private (ICalibrationContext? Context, StoredCalibration? Statistics) OpenCalibration()
    {
        if (_request.CalibrationData.Count == 0)
        {
            var statistics = _request.CalibrationFile is { } file ? CalibrationFile.Load(file, Files) : null;
            return (statistics, statistics);
        }

        var samples = new CalibrationFiles(_request.CalibrationData, InputSignature);
        // The samples are checked at this point only if the result is not verified. Otherwise the verification checks them while it runs the original.
        if (!_request.Verify)
            SampleFaults.Check(samples, _request.ModelPath, _cancellationToken);
        var shared = Shared is { } results ? new SharedStatistics(results) : null;
        return (new CalibrationContext(samples, cancellationToken: _cancellationToken, shared: shared), null);
    }
}
