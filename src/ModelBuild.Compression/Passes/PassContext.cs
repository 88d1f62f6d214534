using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>The input of a pass: the model that it rewrites, the report, and the data and settings of the recipe.</summary>
/// <param name="Model">The model to rewrite.</param>
/// <param name="Report">Collects the changes and the skipped elements.</param>
/// <param name="CancellationToken">Checked between nodes.</param>
internal sealed record PassContext(OnnxModel Model, PassReport Report, CancellationToken CancellationToken)
{
    /// <summary>The step in its one-line form; empty for a pass outside of a recipe.</summary>
    public string Step { get; init; } = "";

    /// <summary>The target that the recipe is made for.</summary>
    public TargetProfile Target { get; init; } = TargetProfile.Default;

    /// <summary>The folder that relative paths in the recipe refer to; empty for the current folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The calibration data; null if the project has none.</summary>
    public ICalibrationContext? Calibration { get; init; }

    /// <summary>The teacher and the data of training steps; null in a run that trains nothing.</summary>
    public TrainingContext? Training { get; init; }

    /// <summary>The project's settings about the model's outputs.</summary>
    public OutputHints OutputHints { get; init; } = OutputHints.None;

    /// <summary>The steps of the recipe before this one.</summary>
    public IReadOnlyList<RecipeStep> Preceding { get; init; } = [];

    /// <summary>The steps of the recipe after this one.</summary>
    public IReadOnlyList<RecipeStep> Following { get; init; } = [];

    /// <summary>
    /// Whether the step belongs to a list of steps that replaces another step. Such a list is accepted or rejected as a whole, so its steps do not evaluate
    /// their own effect.
    /// </summary>
    public bool IsInList { get; init; }

    /// <summary>The log to which trials report their counts and results.</summary>
    public WorkLog Work { get; init; } = WorkLog.Silent;

    /// <summary>The layers that earlier steps of the recipe have quantized, for the steps that improve them.</summary>
    public QuantizedLayers Layers { get; init; } = new();

    /// <summary>The channels that earlier steps of the recipe have kept, for training steps, which compare them with those of the original.</summary>
    public KeptChannels Kept { get; init; } = new();

    /// <summary>Returns the part of the context that a sweep through layers needs. Calibration data must exist.</summary>
    public SweepContext ForSweep() => new(Model, Calibration!.Threads, Work, CancellationToken);
}
