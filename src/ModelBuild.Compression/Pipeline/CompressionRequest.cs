using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The request to compress one model.</summary>
/// <param name="ModelPath">The file of the original.</param>
/// <param name="OutputPath">The file of the result.</param>
internal sealed record CompressionRequest(string ModelPath, string OutputPath)
{
    /// <summary>The name of the model in receipts; by default the path as given.</summary>
    public string DisplayName { get; init; } = ModelPath;

    /// <summary>The use of the model by the project, for receipts; null if it is not known.</summary>
    public UseFacts? Use { get; init; }

    /// <summary>The recipe to run; by default <c>auto</c>.</summary>
    public Recipe Recipe { get; init; } = new(Recipe.Auto, []);

    /// <summary>The folder that relative paths in the recipe start from; by default the current folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The files that the steps of the recipe read.</summary>
    public IReadOnlyList<string> RecipeFiles => [.. Recipe.Steps.SelectMany(step => step.Files).Select(file => file.In(Folder))];

    /// <summary>Files with real inputs, in the order in which they are read; empty when there are none.</summary>
    public IReadOnlyList<string> CalibrationData { get; init; } = [];

    /// <summary>A calibration file, which replaces the data where there is none; null for no file.</summary>
    public string? CalibrationFile { get; init; }

    /// <summary>The descriptions of the model's inputs and outputs, which synthetic inputs follow if there is no real data.</summary>
    public IReadOnlyList<ValueDescription> Descriptions { get; init; } = [];

    /// <summary>The request to make the preparation of images a part of the result; null if it stays outside.</summary>
    public PreprocessRequest? Preprocess { get; init; }

    /// <summary>The token ids of the model, which synthetic inputs follow if there is no real data; null if they are unknown.</summary>
    public DescribedTokens? Tokens { get; init; }

    /// <summary>Files with typical inputs that training steps learn from, with or without labels; empty when there are none.</summary>
    public IReadOnlyList<string> TrainingData { get; init; } = [];

    /// <summary>Files with inputs that choose the best state of a training; empty to hold out a part of the training data.</summary>
    public IReadOnlyList<string> ValidationData { get; init; } = [];

    /// <summary>A file with trained values, which replace the work of training steps; null for no file. The file may be missing.</summary>
    public string? TrainedFile { get; init; }

    /// <summary>Whether training steps train when there are no trained values for them.</summary>
    public bool Train { get; init; }

    /// <summary>The file that the values of training steps are written to; null to keep none.</summary>
    public string? KeepTrained { get; init; }

    /// <summary>The command that writes the trained values of this model, for messages.</summary>
    public string TrainCommand { get; init; } = "modelbuild train";

    /// <summary>The workers that train together. Each of them runs the request, and worker 0 writes the result.</summary>
    public IWorkerGroup Workers { get; init; } = SingleWorker.Instance;

    /// <summary>The folder in which training steps save their state at intervals; null to save nothing. It is removed when the recipe is done.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Whether training steps continue from the states in <see cref="CheckpointFolder"/>. Otherwise the states are removed first.</summary>
    public bool Resume { get; init; }

    /// <summary>The budget for the differences between the outputs of the result and those of the original.</summary>
    public FidelityBudget Budget { get; init; } = new();

    /// <summary>The kinds of outputs that the rules do not find by themselves.</summary>
    public FidelityKinds Fidelity { get; init; } = FidelityKinds.None;

    /// <summary>
    /// Whether the outputs of the result are compared with those of the original. Without verification no budget is applied, so <c>auto</c>, which
    /// chooses by measurements, is refused.
    /// </summary>
    public bool Verify { get; init; } = true;

    /// <summary>The largest size of the result, in bytes; null for no limit.</summary>
    public long? MaxSize { get; init; }

    /// <summary>The number of stages that the result is cut into, each in a file beside <see cref="OutputPath"/>; 1 for no cut.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>The execution provider and the processor family that the recipe is made for.</summary>
    public TargetProfile Target { get; init; } = TargetProfile.Default;

    /// <summary>The number of class names that the project gives; 0 for none.</summary>
    public int LabelCount { get; init; }

    /// <summary>The names of the <see cref="SettingNames"/> that are set for this model, and not for all models of a project.</summary>
    public IReadOnlyCollection<string> Given { get; init; } = [];

    /// <summary>
    /// Results that requests for the same model and data share while they try recipes: the outputs of the original, and statistics of its values. The property
    /// is null to share nothing. Sharing does not change the result.
    /// </summary>
    internal SharedResults? Shared { get; init; }

    internal OutputHints OutputHints => new(Fidelity, LabelCount);
}
