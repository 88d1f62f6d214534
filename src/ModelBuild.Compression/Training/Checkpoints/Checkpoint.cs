namespace ModelBuild.Compression.Training.Checkpoints;

/// <summary>The state of a training between two steps. Training continues from it with the same bytes as without the interruption.</summary>
/// <param name="Facts">The numbers.</param>
/// <param name="Values">The numbers that the optimizer changes, by the name of the parameter.</param>
/// <param name="Best">The kept values, by the name of the parameter.</param>
/// <param name="Optimizer">The state of the optimizer.</param>
/// <param name="Average">The state of the moving average; empty without one.</param>
/// <param name="Settings">The learned settings of the loss and its factor; empty without them.</param>
internal sealed record Checkpoint(
    CheckpointFacts Facts,
    IReadOnlyDictionary<string, float[]> Values,
    IReadOnlyDictionary<string, float[]> Best,
    IReadOnlyDictionary<string, float[]> Optimizer,
    IReadOnlyDictionary<string, float[]> Average,
    IReadOnlyDictionary<string, float[]> Settings
);
