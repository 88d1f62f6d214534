using ModelBuild.Compression.Options;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The options of the step <c>distill</c>.</summary>
/// <param name="Student">The file of the student: a model with the inputs and outputs of the model that it replaces.</param>
/// <param name="Training">The options of training; null for their defaults.</param>
internal sealed record DistillOptions(DataFile? Student = null, TrainingOptions? Training = null)
{
    /// <summary>The options of the training of the student.</summary>
    public TrainingOptions Training { get; } = Training ?? new TrainingOptions();
}
