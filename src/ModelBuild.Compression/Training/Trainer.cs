using System.Globalization;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Constraints;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Schedules;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training;

/// <summary>Trains the parameters of a model to follow a teacher or labels, and keeps the values with the least loss on held-out rows.</summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="parameters">The parameters.</param>
/// <param name="loss">The loss.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="data">The rows.</param>
/// <param name="options">The options of the step.</param>
internal sealed class Trainer(OnnxModel model, IReadOnlyList<Parameter> parameters, ILoss loss, Teacher teacher, TrainingSet data, TrainingOptions options)
{
    // The number of evaluations on held-out rows over the whole training.
    private const int Evaluations = 10;

    // A rate is halved at most so often after the loss was not finite.
    private const int MaxHalvings = 6;

    private readonly KeptZeros[] _zeros = [.. parameters.Select(KeptZeros.Create).OfType<KeptZeros>()];

    /// <summary>Trains.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="rate">The largest learning rate.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="work">Receives the progress.</param>
    /// <param name="cancellationToken">Ends the training; the parameters keep their best values so far.</param>
    public TrainingOutcome Run(int steps, double rate, int threads, WorkLog work, CancellationToken cancellationToken)
    {
        var batches = data.Training(options.Batch, options.Augment).GetEnumerator();
        batches.MoveNext();
        var shapes = batches.Current.Inputs.ToDictionary(input => input.Name, input => input.Type.Shape, StringComparer.Ordinal);
        var graph = TrainingGraph.Build(model, shapes, parameters, loss);
        Parameter[] trained = [.. graph.Parameters.Select(pair => pair.Parameter)];
        using var session = new TrainingSession(graph, threads);
        var optimizer = OptimizerCatalog.Create(options.Optimizer, options.WeightDecay);
        var average = options.Average > 0 ? new MovingAverage(options.Average) : null;
        var schedule = new Schedule(options.Schedule, rate);
        var curve = new List<TrainingPoint> { new(0, double.NaN, HeldOutLoss(graph, session)) };
        var best = new BestState(trained, curve[0].HeldOut);
        var (sum, count, halvings) = (0.0, 0, 0);
        for (var step = 0; step < steps; step++, batches.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var value = Compute(graph, session, batches.Current);
            var norm = GradientNorm.Clip(trained, options.Clip);
            if (!double.IsFinite(value) || !double.IsFinite(norm))
            {
                if (++halvings > MaxHalvings)
                    throw Diverged(step);
                best.Restore();
                schedule = schedule with { Rate = schedule.Rate / 2 };
                optimizer = OptimizerCatalog.Create(options.Optimizer, options.WeightDecay);
                continue;
            }

            (sum, count) = (sum + value, count + 1);
            Array.ForEach(_zeros, zeros => zeros.BeforeUpdate());
            optimizer.Step(trained, schedule.At(step, steps));
            Array.ForEach(_zeros, zeros => zeros.AfterUpdate());
            average?.Update(trained);
            if ((step + 1) * Evaluations / steps == step * Evaluations / steps)
                continue;
            average?.SwapIn(trained);
            var heldOut = HeldOutLoss(graph, session);
            curve.Add(new TrainingPoint(step + 1, sum / count, heldOut));
            best.Offer(heldOut);
            average?.SwapOut(trained);
            work.Pass(string.Create(CultureInfo.InvariantCulture, $"step {step + 1} of {steps}, loss {sum / count:0.0000}, held out {heldOut:0.0000}"));
            (sum, count) = (0, 0);
        }

        best.Restore();
        return new TrainingOutcome(curve, best.Loss, graph.Stopped, [.. parameters.Except(trained).Select(parameter => parameter.Name)]);
    }

    private double HeldOutLoss(TrainingGraph graph, TrainingSession session)
    {
        var (sum, rows) = (0.0, 0);
        foreach (var batch in data.HeldOut(options.Batch))
            // The graph has one batch size: an incomplete batch would count some rows twice.
            if (batch.Count == options.Batch || rows == 0)
                (sum, rows) = (sum + Compute(graph, session, batch) * batch.Count, rows + batch.Count);
        return rows == 0 ? double.NaN : sum / rows;
    }

    private double Compute(TrainingGraph graph, TrainingSession session, TrainingBatch batch)
    {
        foreach (var input in graph.Inputs)
            batch.CopyTo(input.Name, session.Batch(input.Name).Span);
        var targets = graph.Targets.Where(target => target.Output is not null).Select(target => (target.Output!, session.Batch(target.Name))).ToArray();
        if (targets.Length > 0)
            teacher.Run(session.Batch, batch, targets);
        foreach (var labels in graph.Targets.Where(target => target.Output is null))
            batch.CopyLabelsTo(MemoryMarshal.Cast<byte, long>(session.Batch(labels.Name).Span));
        return session.Run().Zip(graph.Terms).Sum(pair => (double)pair.First * pair.Second.Weight);
    }

    private static CompressionException Diverged(int step) =>
        new(
            Codes.UnknownOption,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The loss was not finite at step {step + 1}, and halving the rate {MaxHalvings} times did not help: try a smaller rate, or clip=1."
            )
        );
}
