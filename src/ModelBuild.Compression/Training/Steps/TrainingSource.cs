using System.Security.Cryptography;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Steps;

/// <summary>
/// The data that all runs of a recipe share for its training steps: the model before compression, the training data, and the results of earlier trainings.
/// </summary>
internal sealed class TrainingSource
{
    /// <summary>The number of bytes of rows that stay in memory. Other rows are read from their files for each batch.</summary>
    public const long RowMemory = 1L << 30;

    private readonly Dictionary<(int Place, string Model), TrainedStep> _trained = [];

    /// <summary>Loads the model before compression, which is the teacher. It has the inputs and outputs of the model after the recipe.</summary>
    public required Func<OnnxModel> LoadTeacher { get; init; }

    /// <summary>The files with training data; empty to train on the calibration data.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The files with validation data; empty to hold out a part of the training data.</summary>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <summary>The results of training steps from a file, in the order of the recipe, which replace training; null to train.</summary>
    public IReadOnlyList<TrainedStep>? Stored { get; init; }

    /// <summary>The reason why steps may not train if there are no stored results; null if they may.</summary>
    public string? WhyNotTrain { get; init; }

    /// <summary>The number of threads that training uses.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A text that identifies the data and the version, which are the same in all workers.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The workers that train together.</summary>
    public IWorkerGroup Workers { get; init; } = SingleWorker.Instance;

    /// <summary>The folder in which trainings save their state, and from which they continue; null to save nothing.</summary>
    public CheckpointFolder? Checkpoints { get; init; }

    /// <summary>The results of the training steps in the last run of the recipe, in order.</summary>
    public IReadOnlyList<TrainedStep> Results { get; private set; } = [];

    /// <summary>Creates the context of one run of the recipe.</summary>
    public TrainingContext Begin()
    {
        Results = [];
        return new TrainingContext(this);
    }

    // Trains a step, or returns its earlier result. Trials run a recipe several times, and a step has the same result whenever it begins with the same model.
    internal TrainedStep Remember(int place, string step, OnnxModel model, Func<CheckpointFile?, TrainedStep> train)
    {
        var hash = Convert.ToHexString(SHA256.HashData(model.ToBytes()));
        if (_trained.TryGetValue((place, hash), out var trained))
            return trained;
        Workers.CheckSame($"{place} {step} {hash} {Origin}", "another model, other data or another version");
        Workers.IsTraining = true;
        trained = SharedStep.Share(Workers, train(Checkpoints?.File(place, step, hash, $"{Threads}{WorkersText}")));
        Workers.IsTraining = false;
        return _trained[(place, hash)] = trained;
    }

    /// <summary>The facts about the workers for the receipt; null for one process.</summary>
    public WorkersReport? WorkersReport => Workers.Size == 1 ? null : new WorkersReport(Workers.Size, Workers.Transport);

    private string WorkersText => Workers.Size == 1 ? "" : $" in each of {Workers.Size} {Workers.Transport} workers";

    internal void Add(TrainedStep step) => Results = [.. Results, step];
}
