using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>fine-tune</c>: trains the weights of the compressed model so that it reproduces the outputs of the model before compression. The form of the
/// weights is kept.
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
