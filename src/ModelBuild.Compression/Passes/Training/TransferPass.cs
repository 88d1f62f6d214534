using ModelBuild.Compression.Training.Transfer;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>transfer</c>: gives a classifier a new last layer for other classes, and trains it with labels. The trained model is the teacher of later steps,
/// because the outputs of the original have other classes.
/// </summary>
/// <param name="options">The options of the step.</param>
/// <param name="contract">The change of the outputs.</param>
internal sealed class TransferPass(TransferOptions options, IContractChange contract) : IPass
{
    public void Run(PassContext context)
    {
        options.Check();
        var model = context.Model;
        var training = context.Training ?? throw new InvalidOperationException("The pipeline gives training steps a context.");
        var head = new HeadReplacement(new Graph(model), ClassHeadSearch.Find(model), options.Classes, options.Seed).Apply();
        contract.ChangeContract(model);
        context.Kept.Clear();
        var trainer = new TransferTraining(training.Source, options.Training, options.BodyRate, context.Work, context.CancellationToken);
        var keepsZeros = context.Preceding.Any(step => step.Definition.LeavesZeros);
        var result = training.Run(context.Step, model, checkpoints => trainer.Run(context.Step, model, head, keepsZeros, checkpoints));
        result.Apply(model);
        // The recorded layers of earlier steps are removed, because they hold weights that training has replaced.
        context.Layers.Clear();
        context.Report.Changed("last layers replaced");
        TrainingRun.Tell(context.Report, result.Report, result.Constants.Count);
        StaleLabels.Remove(model, head.OldClasses, context.Report);
        new LearnedClasses(head, context).Check(result.Report);
        if (context.Following.Any(step => step.Definition.Trains))
            training.ReplaceTeacher(model.Clone());
    }
}
