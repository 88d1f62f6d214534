namespace ModelBuild.Compression.Training.Preparation;

/// <summary>The reason why a model is trained with its declared batch.</summary>
/// <param name="Fault">The kind of reason.</param>
/// <param name="Text">The reason, as the end of a sentence.</param>
internal sealed record BatchObstacle(BatchFault Fault, string Text);
