namespace ModelBuild.Compression.Training;

/// <summary>One point of the curves of a training.</summary>
/// <param name="Step">The number of steps so far.</param>
/// <param name="Loss">The mean loss of the steps since the last point; NaN before the first step.</param>
/// <param name="HeldOut">The loss on held-out rows.</param>
internal sealed record TrainingPoint(int Step, double Loss, double HeldOut);
