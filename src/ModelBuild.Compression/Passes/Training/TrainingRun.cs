using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>Runs the training of a model in a step of a recipe. Values that were trained before replace the training.</summary>
internal static class TrainingRun
{
    // The number of statistics of one BatchNormalization: the mean and the variance.
    private const int StatisticsOfLayer = 2;

    /// <summary>Trains a model in place, and reports the trained values and the figures.</summary>
    /// <param name="context">The context of the step.</param>
    /// <param name="model">The model: that of the context, or the one that replaces it.</param>
    /// <param name="options">The options of training.</param>
    /// <param name="keepsZeros">Whether codes that are zero stay zero.</param>
    public static void Train(PassContext context, OnnxModel model, TrainingOptions options, bool keepsZeros)
    {
        var training = context.Training ?? throw new InvalidOperationException("The pipeline gives training steps a context.");
        var trainer = new ModelTraining(
            training.Source,
            training.LoadTeacher,
            context.Calibration,
            context.OutputHints,
            options,
            context.Work,
            context.CancellationToken
        );
        var result = training.Run(context.Step, model, checkpoints => trainer.Run(context.Step, model, keepsZeros, context.Kept, checkpoints));
        result.Apply(model);
        // The recorded layers of earlier steps are removed, because they hold codes that training has replaced.
        context.Layers.Clear();
        Tell(context.Report, result.Report, result.Constants.Count);
    }

    /// <summary>Reports the trained values and the figures of a training.</summary>
    /// <param name="report">The report of the step.</param>
    /// <param name="training">The facts about the training.</param>
    /// <param name="constants">The number of constants of the model that changed.</param>
    public static void Tell(PassReport report, TrainingReport training, int constants)
    {
        report.Trained(training);
        var estimated = training.Statistics is { IsKept: true, Layers: var layers } ? layers : 0;
        report.Changed("tensors trained", training.BestStep > 0 ? constants - (StatisticsOfLayer * estimated) : 0);
        report.Changed("statistics of batch normalizations estimated", estimated);
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
        foreach (var left in training.Statistics?.Left ?? [])
            report.Leave(left.What, $"it keeps its statistics: {left.Why}");
    }
}
