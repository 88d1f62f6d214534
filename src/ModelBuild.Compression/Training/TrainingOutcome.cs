using ModelBuild.Compression.Training.Differentiation;

namespace ModelBuild.Compression.Training;

/// <summary>The result of a training.</summary>
/// <param name="Curve">The losses before training and at each evaluation.</param>
/// <param name="HeldOut">The loss of the kept values on held-out rows.</param>
/// <param name="Stopped">The nodes without a gradient.</param>
/// <param name="Frozen">The names of the parameters that were not trained, because they reach the loss only through such nodes.</param>
internal sealed record TrainingOutcome(IReadOnlyList<TrainingPoint> Curve, double HeldOut, IReadOnlyList<StoppedNode> Stopped, IReadOnlyList<string> Frozen);
