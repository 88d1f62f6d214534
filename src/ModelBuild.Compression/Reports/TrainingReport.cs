using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>The facts about the training of one step, for receipts and progress messages.</summary>
/// <param name="Rows">The number of rows that were trained on.</param>
/// <param name="HeldOutRows">The number of rows that only chose the best state.</param>
/// <param name="HasLabels">Whether the loss uses labels.</param>
/// <param name="IsCalibration">Whether the rows are those of the calibration data, because there is no training data.</param>
/// <param name="Batch">The number of rows of a step.</param>
/// <param name="Steps">The number of steps that were planned.</param>
/// <param name="BestStep">The step after which the kept values were reached.</param>
/// <param name="Curve">The losses before training and at each evaluation.</param>
/// <param name="Terms">The mean of each term of the loss at the last evaluation, with its weight, by name.</param>
/// <param name="Frozen">The names of weights that were not trained, each with the reason.</param>
internal sealed record TrainingReport(
    int Rows,
    int HeldOutRows,
    bool HasLabels,
    bool IsCalibration,
    int Batch,
    int Steps,
    int BestStep,
    IReadOnlyList<TrainingPoint> Curve,
    IReadOnlyDictionary<string, double> Terms,
    IReadOnlyList<Skipped> Frozen
)
{
    /// <summary>The workers that trained together; null for one process.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkersReport? Workers { get; init; }

    /// <summary>The facts about the memory; null if all activations of a batch are within the limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MemoryReport? Memory { get; init; }

    /// <summary>The facts about a new last layer; null if the step keeps the layers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransferReport? Transfer { get; init; }

    /// <summary>The number of weights that were assigned to another of the values that a tensor shares.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reassigned { get; init; }

    /// <summary>The result of the new estimation of the statistics of normalizations; null if the statistics are frozen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StatisticsReport? Statistics { get; init; }

    /// <summary>The settings of the loss that training learned, by name; null if it learned none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Learned { get; init; }

    /// <summary>The figures for held-out rows that were changed adversarially; null if the training did not use such rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MovedReport? Moved { get; init; }

    /// <summary>The layers and rows for which the model differs from its teacher after training; null in trained files that do not have it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainingExplanation? Explanation { get; init; }
}
