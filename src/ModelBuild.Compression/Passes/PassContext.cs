using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>What a pass works with.</summary>
/// <param name="Model">The model to rewrite.</param>
/// <param name="Report">Where the pass says what it did.</param>
/// <param name="CancellationToken">Checked between nodes.</param>
internal sealed record PassContext(OnnxModel Model, PassReport Report, CancellationToken CancellationToken)
{
    /// <summary>What the recipe is made for.</summary>
    public string Target { get; init; } = TargetNames.Default;

    /// <summary>The folder from which paths in the recipe count; empty for the current one.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Real data; null when the project gives none.</summary>
    public ICalibrationContext? Calibration { get; init; }

    /// <summary>What the project says about the model's outputs.</summary>
    public OutputHints OutputHints { get; init; } = OutputHints.None;

    /// <summary>The recipe's steps behind this one.</summary>
    public IReadOnlyList<RecipeStep> Following { get; init; } = [];

    /// <summary>Whether the step belongs to a list that another step stands for. Such a list is chosen as a whole: its steps do not judge for themselves what helps.</summary>
    public bool IsInList { get; init; }

    /// <summary>Where trials report what they count and get.</summary>
    public WorkLog Work { get; init; } = WorkLog.Silent;

    /// <summary>The layers that the recipe's steps have quantized so far, for those that make them better.</summary>
    public QuantizedLayers Layers { get; init; } = new();

    /// <summary>The part of the context that a sweep through layers needs. There is real data.</summary>
    public SweepContext ForSweep() => new(Model, Calibration!.Threads, Work, CancellationToken);
}
