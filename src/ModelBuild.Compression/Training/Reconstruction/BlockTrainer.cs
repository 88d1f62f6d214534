using System.Globalization;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Schedules;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>Trains the values of one block so that its outputs equal those of the float model, and keeps them if held-out rows gain.</summary>
/// <param name="iterations">The number of steps.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="cancellationToken">Ends the training.</param>
internal sealed class BlockTrainer(int iterations, int threads, CancellationToken cancellationToken)
{
    private const int Evaluations = 10;

    private static double Env(string name, double value) => Environment.GetEnvironmentVariable(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : value;

    /// <summary>Trains the block.</summary>
    /// <returns>The error on held-out rows before and afterwards, relative to the signal.</returns>
    public (double Before, double After) Train(Block block, OnnxModel model, IReadOnlyList<BlockBatch> fit, IReadOnlyList<BlockBatch> heldOut, ulong seed)
    {
        using var training = new BlockSessions(block, model, isTrained: true, threads);
        using var measuring = new BlockSessions(block, model, isTrained: false, threads);
        foreach (var value in block.Values)
            value.Compute();
        var trained = training.Trained(fit[0]).ToHashSet();
        TrainedValue[] values = [.. block.Values.Where(value => trained.Contains(value.Input))];
        Parameter[] free = [.. values.Select(value => value.Free)];
        var best = new BestState(free);
        var before = Measure(measuring, heldOut);
        best.Offer(0, before);
        var optimizer = Env("R_SIGN", 0) > 0 ? new Adam { Beta1 = 0, Beta2 = 0 } : new Adam();
        var schedule = new Schedule(ScheduleKind.Linear, 1) { WarmUp = 0 };
        var drop = new RandomDrop(DerivedSeed.Of(seed, 1));
        var order = new SplitMix64(DerivedSeed.Of(seed, 2));
        for (var step = 0; step < iterations; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            training.Run(fit[(int)order.Below(fit.Count)], drop);
            foreach (var value in values)
                value.Collect();
            var share = schedule.At(step, iterations);
            foreach (var value in values)
            {
                optimizer.Step([value.Free], share * Rate(value));
                value.Compute();
            }

            if ((step + 1) * Evaluations / iterations > step * Evaluations / iterations)
                best.Offer(step + 1, Measure(measuring, heldOut));
        }

        best.Restore();
        foreach (var value in values)
            value.Compute();
        return (before.Loss!.Value, best.HeldOut.Loss!.Value);
    }

    private static float Rate(TrainedValue value) =>
        (float)(value switch
        {
            CodedValue coded => coded.Unit * Env("R_CODE", 0.01),
            ScaleValue => Env("R_SCALE", 0.001),
            _ => Env("R_BIAS", 0.001),
        });

    private static HeldOutLoss Measure(BlockSessions sessions, IReadOnlyList<BlockBatch> batches)
    {
        var mean = batches.Average(batch => sessions.Run(batch));
        return new HeldOutLoss(mean, new Dictionary<string, double>(StringComparer.Ordinal));
    }
}
