using ModelBuild.Compression.Training.Blocked;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>A part of a training graph that runs by itself. Several parts may contain the same node, which is computed again in each of them.</summary>
/// <param name="Nodes">The indices of its nodes; null for all nodes of the graph.</param>
/// <param name="Inputs">The names and types of the values that earlier parts have computed.</param>
/// <param name="Outputs">The names of the values that it computes for the trainer or for later parts.</param>
/// <param name="Sites">The gradients that are computed after it has run.</param>
internal sealed record TrainingPart(
    IReadOnlySet<int>? Nodes,
    IReadOnlyList<GraphValue> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<ConvWeightSite> Sites
);
