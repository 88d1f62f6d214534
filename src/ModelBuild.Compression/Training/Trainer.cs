using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Trains values of a model, and keeps those with the least loss on held-out rows. If the loss is not finite, training goes on from the kept values with half
/// of the rate.
/// </summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="values">The values that training changes.</param>
/// <param name="loss">The loss.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="data">The rows.</param>
/// <param name="options">The options of the step.</param>
/// <param name="plan">The number of steps, the batch and the rate.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="checkpoints">The file in which the state is saved now and then, and from which training goes on; null to save nothing.</param>
internal sealed class Trainer(
    OnnxModel model,
    IReadOnlyList<TrainedValue> values,
    ILoss loss,
    Teacher teacher,
    TrainingSet data,
    TrainingOptions options,
    TrainingPlan plan,
    int threads,
    CheckpointFile? checkpoints
)
{
    // The number of evaluations on held-out rows over the whole training.
    private const int Evaluations = 10;

    // A rate is halved at most so often after the loss was not finite.
    private const int MaxHalvings = 6;

    // The number of checkpoints over the whole training.
    private const int Saves = 50;

    // The number of progress lines over the whole training.
    private const int ProgressLines = 200;

    /// <summary>Trains. Afterwards the values are those with the least loss on held-out rows, or the last ones if no rows are held out.</summary>
    /// <param name="work">Receives the progress.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <returns>The curves, and the values that were trained. Values that reach the loss only through nodes without a gradient are not trained.</returns>
    /// <exception cref="CompressionException">MB1045: the loss is not finite, and a smaller rate does not help.</exception>
    public TrainingResult Run(WorkLog work, CancellationToken cancellationToken)
    {
        work.Report(
            $"training {values.Sum(value => (long)value.Free.Values.Length):N0} weights on {data.TrainingRows:N0} rows, {plan.Steps:N0} steps of {plan.Batch}"
        );
        Parameter[] parameters = [.. values.Select(value => value.Input)];
        foreach (var value in values)
            value.Compute();
        using var training = new LossRuns(model, parameters, loss, new TeacherCache(teacher, options.Augment is not null), threads, withGradients: true);
        using var measuring = new LossRuns(model, parameters, loss, new TeacherCache(teacher, isRandom: false), threads, withGradients: false);
        var saved = checkpoints?.Load();
        using var batches = data.Training(plan.Batch, options.Augment, skip: saved?.Facts.Step ?? 0).GetEnumerator();
        batches.MoveNext();
        var graph = training.For(batches.Current).Graph;
        var gradients = graph.Parameters.Select(pair => pair.Parameter).ToHashSet();
        TrainedValue[] trained = [.. values.Where(value => gradients.Contains(value.Input))];
        var state = new TrainingState(trained, options, plan.Rate);
        if (saved is null)
            state.Begin(HeldOutLoss.Measure(measuring, data, plan.Batch, cancellationToken));
        else
        {
            state.Restore(saved);
            work.Report($"continuing after step {state.Step} of {plan.Steps}");
        }

        for (; trained.Length > 0 && state.Step < plan.Steps; batches.MoveNext())
        {
            if (cancellationToken.IsCancellationRequested || IsDue(state.Step, Saves))
                Save(state);
            cancellationToken.ThrowIfCancellationRequested();
            var value = training.Run(batches.Current).Sum(term => term.Value);
            if (!double.IsFinite(value) || !double.IsFinite(state.CollectGradients()))
            {
                if (state.Halve() > MaxHalvings)
                    throw Diverged(state.Step);
                continue;
            }

            var rate = state.Advance(value, plan.Steps);
            var (step, mean) = (state.Step, state.Loss);
            if (IsDue(step, ProgressLines))
                work.Pass(
                    Progress(step, mean, state.HeldOut, rate),
                    string.Create(CultureInfo.InvariantCulture, $"{step} of {plan.Steps}, loss {mean:0.0000}"),
                    (double)step / plan.Steps
                );
            if (!IsDue(step, Evaluations))
                continue;

            state.BeginEvaluation();
            var heldOut = HeldOutLoss.Measure(measuring, data, plan.Batch, cancellationToken);
            state.EndEvaluation(heldOut, rate);
            work.Report(Progress(step, mean, heldOut.Loss, rate));
        }

        // The steps of the recipe that follow may be interrupted, too.
        Save(state);
        state.End();
        return new TrainingResult(trained, state.Curve, state.Best.Step, state.Best.HeldOut, graph.Stopped, graph.Terms);
    }

    private void Save(TrainingState state)
    {
        if (checkpoints is not null && state.Step > 0)
            checkpoints.Save(state.Save(checkpoints.Key));
    }

    // Whether one of the moments that divide all steps evenly comes after a number of steps.
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
