using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The model that is being compressed, loaded anew for each recipe, with the project's real data.</summary>
internal sealed class Original
{
    private readonly CompressionRequest _request;
    private readonly bool _isReplaced;
    private readonly CancellationToken _cancellationToken;
    private readonly Lazy<ICalibrationContext?> _calibration;

    /// <exception cref="OnnxException">The model cannot be read.</exception>
    public Original(CompressionRequest request, CancellationToken cancellationToken)
    {
        (_request, _cancellationToken) = (request, cancellationToken);
        _isReplaced = Path.GetFullPath(request.ModelPath) == Path.GetFullPath(request.OutputPath);
        _calibration = new Lazy<ICalibrationContext?>(RealData);
        // Reading everything once finds damage before ONNX Runtime does, and says where; the weights are let go again, because the graph is enough
        // until a recipe runs.
        Load();
        LargeModels.LetGo(new FileInfo(request.ModelPath).Length);
        Outline = LoadOutline(request.ModelPath);
        var written = SignatureReader.Read(Outline);
        RecipePipeline.ChangeContract(Outline, request.Recipe);
        Signature = SignatureReader.Read(Outline);
        ChangesContract = Signature.Hash() != written.Hash();
        Fed = Signature with { Inputs = [.. Signature.Inputs.Zip(written.Inputs, (input, before) => input with { Type = before.Type })] };
        Files = [request.ModelPath, .. Outline.ExternalFiles];
        Bytes = Files.Sum(file => new FileInfo(file).Length);
    }

    /// <summary>The graph without its weights, with inputs and outputs as the recipe leaves them: it is fed and compared in that form.</summary>
    public OnnxModel Outline { get; }

    /// <summary>What a caller must know of it.</summary>
    public ModelSignature Signature { get; }

    /// <summary>What it is run on: sizes as callers will give them, in the element types that its own file takes.</summary>
    public ModelSignature Fed { get; }

    /// <summary>Whether that is something else than the file says.</summary>
    public bool ChangesContract { get; }

    /// <summary>What recipes are made for.</summary>
    public string Target => _request.Target;

    /// <summary>The model's file, then its external data.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The size of its files.</summary>
    public long Bytes { get; }

    /// <summary>Samples where the project gives any; else what a calibration file keeps of them; null where there is neither.</summary>
    /// <exception cref="Diagnostics.CompressionException">The data is at fault.</exception>
    public ICalibrationContext? Calibration => _calibration.Value;

    /// <summary>The whole model.</summary>
    public OnnxModel Load() => Plain(OnnxModel.Load(_request.ModelPath, new OnnxLoadOptions { MapWeights = !_isReplaced }, _cancellationToken));

    /// <summary>Any model without its weights.</summary>
    public OnnxModel LoadOutline(string path) => Plain(OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, _cancellationToken));

    /// <summary>The whole model for a recipe's passes to rewrite.</summary>
    public PassContext Context() =>
        new(Load(), new PassReport(), _cancellationToken)
        {
            Target = _request.Target,
            Folder = _request.Folder,
            Calibration = Calibration is { } calibration ? new WatchedCalibration(calibration) : null,
            OutputHints = _request.OutputHints,
        };

    // What looks at the graph sees the operators that its own functions consist of.
    private static OnnxModel Plain(OnnxModel model)
    {
        LocalFunctions.Inline(model);
        return model;
    }

    private ICalibrationContext? RealData()
    {
        if (_request.CalibrationData.Count > 0)
        {
            var samples = new CalibrationFiles(_request.CalibrationData, Fed);
            // Verification looks at the original's answers itself.
            if (!_request.Verify)
                SampleFaults.Check(samples, _request.ModelPath, _cancellationToken);
            return new CalibrationContext(samples, cancellationToken: _cancellationToken);
        }

        return _request.CalibrationFile is { } file ? CalibrationFile.Load(file, Files) : null;
    }
}
