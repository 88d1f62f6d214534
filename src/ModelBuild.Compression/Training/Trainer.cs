using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Schedules;
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
        Parameter[] parameters = [.. values.Select(value => value.Input)];
        foreach (var value in values)
            value.Compute();
        using var training = new LossRuns(model, parameters, loss, new TeacherCache(teacher, options.Augment is not null), threads, withGradients: true);
        using var measuring = new LossRuns(model, parameters, loss, new TeacherCache(teacher, isRandom: false), threads, withGradients: false);
        var resumed = checkpoints?.Load();
        using var batches = data.Training(plan.Batch, options.Augment, skip: resumed?.Facts.Step ?? 0).GetEnumerator();
        batches.MoveNext();
        var graph = training.For(batches.Current).Graph;
        var gradients = graph.Parameters.Select(pair => pair.Parameter).ToHashSet();
        TrainedValue[] trained = [.. values.Where(value => gradients.Contains(value.Input))];
        Parameter[] free = [.. trained.Select(value => value.Free)];

        var optimizer = OptimizerCatalog.Create(options.Optimizer, options.WeightDecay);
        var average = options.Average > 0 ? new MovingAverage(options.Average) : null;
        var schedule = new Schedule(options.Schedule, resumed?.Facts.Rate ?? plan.Rate);
        var heldOut = HeldOutLoss.Measure(measuring, data, plan.Batch, cancellationToken);
        var curve = new List<TrainingPoint> { new(0, Loss: null, heldOut.Loss, Rate: 0) };
        var best = new BestState(free, heldOut);
        var (sum, count, halvings) = (0.0, 0, 0);
        if (resumed is { Facts: var facts })
        {
            foreach (var parameter in free)
                resumed.Values[parameter.Name].CopyTo(parameter.Values, 0);
            Array.ForEach(trained, one => one.Compute());
            best.Replace(facts.BestStep, new HeldOutLoss(facts.BestLoss, facts.BestTerms), resumed.Best);
            optimizer.Restore(resumed.Optimizer);
            average?.Restore(resumed.Average);
            curve = [.. facts.Curve];
            (sum, count, halvings) = (facts.LossSum, facts.LossCount, facts.Halvings);
            work.Report($"continuing after step {facts.Step} of {plan.Steps}");
        }

        for (var step = resumed?.Facts.Step ?? 0; trained.Length > 0 && step < plan.Steps; step++, batches.MoveNext())
        {
            if (checkpoints is not null && step > 0 && (cancellationToken.IsCancellationRequested || IsDue(step, Saves)))
                checkpoints.Save(
                    new Checkpoint(
                        new CheckpointFacts(checkpoints.Key, step, schedule.Rate, halvings, sum, count, curve, best.Step, best.HeldOut.Loss, best.HeldOut.Terms),
                        free.ToDictionary(parameter => parameter.Name, parameter => parameter.Values, StringComparer.Ordinal),
                        best.Values,
                        optimizer.State,
                        average?.State ?? new Dictionary<string, float[]>(StringComparer.Ordinal)
                    )
                );
            cancellationToken.ThrowIfCancellationRequested();
            var value = training.Run(batches.Current).Sum(term => term.Value);
            Array.ForEach(trained, one => one.Collect());
            var norm = GradientNorm.Clip(free, options.Clip);
            if (!double.IsFinite(value) || !double.IsFinite(norm))
            {
                if (++halvings > MaxHalvings)
                    throw Diverged(step);
                best.Restore();
                Array.ForEach(trained, one => one.Compute());
                schedule = schedule with { Rate = schedule.Rate / 2 };
                optimizer = OptimizerCatalog.Create(options.Optimizer, options.WeightDecay);
                continue;
            }

            (sum, count) = (sum + value, count + 1);
            var rate = schedule.At(step, plan.Steps);
            optimizer.Step(free, rate);
            Array.ForEach(trained, one => one.Compute());
            average?.Update(free);
            if (IsDue(step + 1, ProgressLines))
                work.Pass(Progress(step + 1, sum / count, heldOut.Loss, rate));
            if (!IsDue(step + 1, Evaluations))
                continue;

            average?.SwapIn(free);
            Array.ForEach(trained, one => one.Compute());
            heldOut = HeldOutLoss.Measure(measuring, data, plan.Batch, cancellationToken);
            // JSON has no number that is not finite. The next step finds the divergence.
            if (double.IsFinite(heldOut.Loss ?? 0))
                curve.Add(new TrainingPoint(step + 1, sum / count, heldOut.Loss, rate));
            best.Offer(step + 1, heldOut);
            average?.SwapOut(free);
            Array.ForEach(trained, one => one.Compute());
            work.Report(Progress(step + 1, sum / count, heldOut.Loss, rate));
            (sum, count) = (0, 0);
        }

        best.Restore();
        Array.ForEach(trained, one => one.Compute());
        return new TrainingResult(trained, curve, best.Step, best.HeldOut, graph.Stopped);
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
                $"The loss was not finite at step {step + 1}, and halving the rate {MaxHalvings} times did not help: try a smaller rate, or clip=1."
            )
        );
}
