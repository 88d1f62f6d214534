using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Normalizations;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Transfer;

/// <summary>Trains the phases of a transfer one after another, and measures the accuracy on held-out rows between them.</summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="parameters">All parameters of the model, whose values the phases share.</param>
/// <param name="normalizations">The normalizations whose statistics are estimated again after the last phase; null to leave all statistics.</param>
/// <param name="rows">The rows.</param>
/// <param name="head">The new layer.</param>
/// <param name="options">The options of training.</param>
/// <param name="source">The number of threads, and the workers.</param>
/// <param name="work">Receives the progress.</param>
/// <param name="cancellationToken">Ends the training.</param>
internal sealed class TransferRuns(
    OnnxModel model,
    IReadOnlyList<Parameter> parameters,
    NormalizationLayers? normalizations,
    TrainingSet rows,
    NewHead head,
    TrainingOptions options,
    TrainingSource source,
    WorkLog work,
    CancellationToken cancellationToken
) : IDisposable
{
    // The teacher is the model itself, because the losses of labels read no outputs of a teacher.
    private readonly Teacher _teacher = new(model, source.Threads);

    /// <summary>Trains values from their present state on. Afterwards they are those with the least loss on held-out rows.</summary>
    /// <param name="values">The values.</param>
    /// <param name="steps">The number of steps, the batch and the rate.</param>
    /// <param name="isLast">Whether no other phase follows.</param>
    /// <param name="checkpoints">The file of the checkpoints of this phase; null to save nothing.</param>
    public TrainingResult Train(IReadOnlyList<TrainedValue> values, TrainingPlan steps, bool isLast, CheckpointFile? checkpoints)
    {
        ILoss loss = head.IsIndependent ? new IndependentLabelLoss(head.Scores) : new LabelLoss(head.Scores, weight: 1);
        var plan = new LossPlan(loss, [], UsesLabels: true, new HashSet<string>());
        var estimated = isLast ? normalizations : null;
        var trainer = new Trainer(model, values, plan, _teacher, rows, options, steps, source.Threads, source.Workers, checkpoints, estimated);
        return trainer.Run(work, cancellationToken);
    }

    /// <summary>Returns the share of held-out rows whose class has the highest score; null if no row is held out.</summary>
    public double? Accuracy(int batch)
    {
        using var runs = new LossRuns(
            model,
            [.. parameters, .. normalizations?.Parameters ?? []],
            new RightShare(head.Scores),
            new TeacherCache(_teacher, isRandom: false),
            source.Threads,
            GradientKind.None
        );
        return HeldOutLoss.Measure(runs, rows, batch, cancellationToken).Loss;
    }

    public void Dispose() => _teacher.Dispose();
}
