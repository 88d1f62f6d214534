using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>fine-tune</c>: trains what the steps before it left, to give the outputs of the model before compression, and keeps its form. Values that were
/// trained before replace the training.
/// </summary>
/// <param name="options">The options of the step.</param>
internal sealed class FineTunePass(TrainingOptions options) : IPass
{
    private const string Name = "fine-tune";

    public void Run(PassContext context)
    {
        options.Check(Name);
        var training = context.Training ?? throw new InvalidOperationException("The pipeline gives training steps a context.");
        var trainer = new ModelTraining(training.Source, context.Calibration, context.OutputHints, options, context.Work, context.CancellationToken);
        var keepsZeros = context.Preceding.Any(step => step.Definition.LeavesZeros);
        var result = training.Run(context.Step, context.Model, () => trainer.Run(context.Step, context.Model, keepsZeros));
        result.Apply(context.Model);
        // The layers hold the codes that training replaced.
        context.Layers.Clear();
        Tell(context.Report, result.Report, result.Constants.Count);
    }

    private static void Tell(PassReport report, TrainingReport training, int tensors)
    {
        report.Trained(training);
        report.Changed("tensors trained", training.BestStep > 0 ? tensors : 0);
        if (training.BestStep == 0)
            report.Leave("all weights", "no step of training had a smaller loss on held-out rows: they stay as they were");
        if (training.IsCalibration)
            report.Leave(
                "more rows",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"there is no TrainingData: {training.Rows} rows of calibration data were used. More would do better"
                )
            );
        foreach (var frozen in training.Frozen)
            report.Leave(frozen.What, $"it is not trained: {frozen.Why}");
    }
}
