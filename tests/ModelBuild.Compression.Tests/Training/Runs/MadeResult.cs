using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>The result of a recipe with training steps.</summary>
/// <param name="Model">The model after the recipe.</param>
/// <param name="Steps">What each step did.</param>
/// <param name="Trained">The results of the training steps.</param>
internal sealed record MadeResult(OnnxModel Model, IReadOnlyList<StepReport> Steps, IReadOnlyList<TrainedStep> Trained)
{
    /// <summary>Gets the facts about the last training.</summary>
    public TrainingReport Training => Trained[^1].Report;

    /// <summary>Gets the smallest loss on held-out rows, divided by the loss before training.</summary>
    public double Improvement => Training.Curve.Min(point => point.HeldOut!.Value) / Training.Curve[0].HeldOut!.Value;
}
