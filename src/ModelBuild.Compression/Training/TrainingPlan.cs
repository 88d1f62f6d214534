namespace ModelBuild.Compression.Training;

/// <summary>The numbers that follow from the options of a training step for a model and its data.</summary>
/// <param name="Steps">The number of steps.</param>
/// <param name="Batch">The number of rows of a step.</param>
/// <param name="Rate">The largest learning rate.</param>
internal sealed record TrainingPlan(int Steps, int Batch, double Rate);
