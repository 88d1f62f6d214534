using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>fine-tune</c>: trains what the steps before it left, to give the outputs of the model before compression, and keeps its form.
/// </summary>
/// <param name="options">The options of the step.</param>
internal sealed class FineTunePass(TrainingOptions options) : IPass
{
    public void Run(PassContext context)
    {
        options.Check("fine-tune");
        TrainingRun.Train(context, context.Model, options, keepsZeros: context.Preceding.Any(step => step.Definition.LeavesZeros));
    }
}
