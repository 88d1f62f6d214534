using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Normalizations;
using ModelBuild.Compression.Training.Precision;
using ModelBuild.Compression.Training.Recomputation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Trains values of a model, and keeps those with the least loss on held-out rows. If the loss is not finite, training continues from the kept values with half
/// of the rate.
/// </summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="values">The values that training changes.</param>
/// <param name="loss">The loss, and how it is measured.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="data">The rows.</param>
/// <param name="options">The options of the step.</param>
/// <param name="plan">The number of steps, the batch and the rate.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="workers">The workers that train together. Each of them runs a part of each batch.</param>
/// <param name="checkpoints">The file in which the state is saved at intervals, and from which training continues; null to save nothing.</param>
/// <param name="normalizations">The normalizations whose statistics are estimated again after the last step; null to leave all statistics.</param>
internal sealed class Trainer(
    OnnxModel model,
    IReadOnlyList<TrainedValue> values,
    LossPlan loss,
    Teacher teacher,
    TrainingSet data,
    TrainingOptions options,
    TrainingPlan plan,
    int threads,
    IWorkerGroup workers,
    CheckpointFile? checkpoints,
    NormalizationLayers? normalizations = null
)
{
    // The number of evaluations on held-out rows over the whole training.
    private const int Evaluations = 10;

    // The largest number of times that a learning rate is halved after the loss was not finite.
    private const int MaxHalvings = 6;

    // The number of checkpoints over the whole training.
    private const int Saves = 50;

    // The share of a step's rows that are changed adversarially, by the gradients of the loss.
    private const double MovedShare = 0.5;

    // The number of progress lines over the whole training.
    private const int ProgressLines = 200;

    /// <summary>Trains the values. Afterwards they are those with the least loss on held-out rows, or the last ones if no rows are held out.</summary>
    /// <param name="work">Receives the progress.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <returns>The curves, and the values that were trained. Values that reach the loss only through nodes without a gradient are not trained.</returns>
    /// <exception cref="CompressionException">MB1045: the loss is not finite, and a smaller rate does not help.</exception>
    public TrainingResult Run(WorkLog work, CancellationToken cancellationToken)
    {
        CheckWorkers();
        work.Report(
            $"training {values.Sum(value => (long)value.Free.Values.Length):N0} weights on {data.TrainingRows:N0} rows, {plan.Steps:N0} steps of {plan.Batch}"
        );
        Parameter[] weights = [.. values.Select(value => value.Input)];
        // The parameters that the optimizer changes. Running means and variances have no gradient, so they are not among them.
        Parameter[] parameters = [.. weights, .. normalizations?.Parameters ?? []];
        foreach (var value in values)
            value.Compute();
        using var moving = Runs(parameters, loss.Loss, GradientKind.Inputs, isRandom: options.Augment is not null);
        var moved = options.Adversarial > 0 ? new MovedRows(moving, options.Adversarial, MovedShare) : null;
        var memory = new TrainingMemory(options, values, workers);
        var scale = options.Precision == TrainingPrecision.Full ? null : new LossScale(options.Precision);
        LossRuns Training(IWorkerGroup shared) =>
            new(
                model,
                weights,
                loss.Loss,
                new TeacherCache(teacher, options.Augment is not null || moved is not null),
                threads,
                GradientKind.Parameters,
                moved,
                options.Precision,
                scale,
                memory.ForGraphs,
                shared
            );
        using var training = Training(workers);
        using var measuring = Runs(parameters, loss.Judge ?? loss.Loss, GradientKind.None);
        using var judging = Runs(weights, loss.Judge ?? loss.Loss, GradientKind.Parameters);
        using var terms = Runs(weights, loss.Loss, GradientKind.None, isRandom: options.Augment is not null);
        var ahead = loss.Settings is { } settings ? new LookAhead(settings, judging, terms, weights, data, plan.Batch) : null;
        var unmoved = moved is null ? null : MeasureMoved(parameters, moving, cancellationToken);
        var saved = SharedCheckpoint.Share(workers, checkpoints?.Load());
        using var batches = data.Training(plan.Batch, options.Augment, skip: saved?.Facts.Step ?? 0).GetEnumerator();
        batches.MoveNext();
        var graph = training.For(batches.Current.PartOf(workers)).Graph;
        if (memory.Report(training.Largest) is { } report)
            work.Report(report.Describe());
        var gradients = graph.Parameters.Select(pair => pair.Parameter).ToHashSet();
        TrainedValue[] trained = [.. values.Where(value => gradients.Contains(value.Input))];
        var state = new TrainingState(trained, options, loss.Settings, scale, plan.Rate);
        var exchange = new GradientExchange(workers, state.Free, cancellationToken);
        // Several workers ignore a cancellation within an evaluation, because all workers must end after the same step.
        var evaluation = workers.Size == 1 ? cancellationToken : CancellationToken.None;
        if (saved is null)
            state.Begin(HeldOutLoss.Measure(measuring, data, plan.Batch, workers, evaluation));
        else
        {
            state.Restore(saved);
            work.Report($"continuing after step {state.Step} of {plan.Steps}");
        }

        for (; trained.Length > 0 && state.Step < plan.Steps; batches.MoveNext())
        {
            if (exchange.IsCancelled || IsDue(state.Step, Saves))
                Save(state);
            if (exchange.IsCancelled)
            {
                // Before the workers end, all of them wait until worker 0 has saved the state.
                workers.Share("");
                throw new OperationCanceledException(cancellationToken);
            }

            var own = training.Run(batches.Current.PartOf(workers)).Sum(term => term.Value);
            state.CollectGradients();
            var value = exchange.Average(own);
            if (!double.IsFinite(value) || !double.IsFinite(state.ClipGradients()))
            {
                if (double.IsFinite(value) && scale?.TryHalve() == true)
                    state.Skip();
                else if (state.Halve() > MaxHalvings)
                    throw Diverged(state.Step);
                continue;
            }

            var rate = state.Advance(value, plan.Steps);
            scale?.Advance();
            if (state.Step % LookAhead.Interval == 0)
                Learn(ahead, batches.Current, state.Step / LookAhead.Interval);
            var (step, mean) = (state.Step, state.Loss);
            if (IsDue(step, ProgressLines))
                work.Pass(
                    Progress(step, mean, state.HeldOut, rate),
                    string.Create(CultureInfo.InvariantCulture, $"{step} of {plan.Steps}, loss {mean:0.0000}"),
                    (double)step / plan.Steps
                );
            if (!IsDue(step, Evaluations))
                continue;

            exchange.Align();
            state.BeginEvaluation();
            var measured = HeldOutLoss.Measure(measuring, data, plan.Batch, workers, evaluation);
            state.EndEvaluation(measured, rate);
            work.Report(Progress(step, mean, measured.Loss, rate));
        }

        // The state is saved after the last step, too, because the steps of the recipe that follow may be interrupted.
        Save(state);
        state.End();
        exchange.Align();
        state.Compute();
        // After the last training step, each worker does all of the remaining work by itself, so that no exchange is needed.
        using var whole = Training(SingleWorker.Instance);
        var (heldOut, reassigned) = new Reassignment(workers.Size == 1 ? training : whole, measuring, data, plan.Batch, cancellationToken).Run(
            [.. trained.OfType<SharedValue>()],
            state.Best.HeldOut
        );
        StatisticsReport? statistics = null;
        if (normalizations is not null)
            (heldOut, statistics) = new StatisticsEstimation(model, parameters, measuring, data, plan.Batch, threads, cancellationToken).Run(
                normalizations,
                heldOut,
                work
            );
        return new TrainingResult(trained, state.Curve, state.Best.Step, heldOut, graph.Stopped, loss.Judge is null ? graph.Terms : [])
        {
            Memory = memory.Report(training.Largest),
            Reassigned = reassigned,
            Statistics = statistics,
            Moved = unmoved is null
                ? null
                : new MovedReport(
                    options.Adversarial,
                    IsAgreement: loss.Agreement is not null,
                    unmoved.Loss,
                    MeasureMoved(parameters, moving, cancellationToken).Loss
                ),
        };
    }

    private void CheckWorkers()
    {
        var option =
            options.Loss == LossKind.Dist ? "loss=dist, which compares all rows of a batch with each other"
            : model.Proto.Graph.Node.Any(node => node.OpType == "DynamicQuantizeLinear") ? "int8-dynamic, which rounds to the range of a whole batch"
            : options.Adversarial > 0 ? "adversarial, which moves rows within the range of a batch"
            : null;
        if (workers.Size > 1 && option is not null)
            throw new CompressionException(Codes.UnknownOption, $"Several workers cannot train with {option}: leave it out, or train with one worker.");
    }

    // Learns the settings of the loss. The settings are learned from whole batches, which one worker runs for all workers.
    private void Learn(LookAhead? ahead, TrainingBatch batch, int number)
    {
        if (ahead is null)
            return;
        if (workers.Rank == 0)
            ahead.Learn(batch, number);
        if (workers.Size > 1)
            loss.Settings!.Restore(workers.Share(loss.Settings.Save()));
    }

    private LossRuns Runs(Parameter[] parameters, ILoss measured, GradientKind kind, bool isRandom = false) =>
        new(model, parameters, measured, new TeacherCache(teacher, isRandom), threads, kind);

    // Measures the agreement with the teacher, or the loss, on held-out rows that are changed adversarially against the current values.
    private HeldOutLoss MeasureMoved(Parameter[] parameters, LossRuns moving, CancellationToken cancellationToken)
    {
        using var runs = new LossRuns(
            model,
            parameters,
            loss.Agreement ?? loss.Judge ?? loss.Loss,
            new TeacherCache(teacher, isRandom: true),
            threads,
            GradientKind.None,
            new MovedRows(moving, options.Adversarial, share: 1)
        );
        return HeldOutLoss.Measure(runs, data, plan.Batch, cancellationToken);
    }

    private void Save(TrainingState state)
    {
        if (checkpoints is not null && state.Step > 0)
            checkpoints.Save(state.Save(checkpoints.Key));
    }

    // Returns whether an evaluation or another of the moments that divide all steps evenly comes after a number of steps.
    private bool IsDue(int steps, int moments) => (long)steps * moments / plan.Steps != (long)(steps - 1) * moments / plan.Steps;

    private string Progress(int step, double loss, double? heldOut, float rate) =>
        string.Create(CultureInfo.InvariantCulture, $"step {step} of {plan.Steps}, loss {loss:0.0000}")
        + (heldOut is { } value ? string.Create(CultureInfo.InvariantCulture, $", held-out loss {value:0.0000}") : "")
        + string.Create(CultureInfo.InvariantCulture, $", rate {rate:0.0e0}");

    private static CompressionException Diverged(int step) =>
        new(
            Codes.TrainingDiverged,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The loss was not finite at step {step}, and halving the rate {MaxHalvings} times did not help: try a smaller rate, or clip=1."
            )
        );
}
