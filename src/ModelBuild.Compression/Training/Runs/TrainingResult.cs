using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Weights;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>The result of a training: the values and the figures.</summary>
/// <param name="Trained">The values that were trained.</param>
/// <param name="Curve">The losses before training and at each evaluation.</param>
/// <param name="BestStep">The step after which the kept values were reached.</param>
/// <param name="HeldOut">The loss of the kept values on held-out rows.</param>
/// <param name="Stopped">The nodes without a gradient.</param>
/// <param name="Terms">The terms of the loss; empty if another loss is measured on held-out rows.</param>
internal sealed record TrainingResult(
    IReadOnlyList<TrainedValue> Trained,
    IReadOnlyList<TrainingPoint> Curve,
    int BestStep,
    HeldOutLoss HeldOut,
    IReadOnlyList<StoppedNode> Stopped,
    IReadOnlyList<LossTerm> Terms
)
{
    /// <summary>The number of weights that were assigned to another of the values that a tensor shares.</summary>
    public int Reassigned { get; init; }

    /// <summary>The result of the new estimation of the statistics of normalizations; null if the statistics are frozen.</summary>
    public StatisticsReport? Statistics { get; init; }

    /// <summary>The figures for held-out rows that were changed adversarially; null if the training did not use such rows.</summary>
    public MovedReport? Moved { get; init; }

    /// <summary>The facts about the memory; null if all activations are within the limit of memory.</summary>
    public MemoryReport? Memory { get; init; }

    /// <summary>The reason why a value was not trained.</summary>
    public string WhyFrozen =>
        Stopped is [var first, ..]
            ? $"it reaches the outputs through the node '{first.Node.Name}' ({first.Node.OpType}): {first.Reason}"
            : "no output that has a loss depends on it";
}
