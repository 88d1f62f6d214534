using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Schedules;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>
/// Trains the values of one block so that its outputs equal those of the float model. Codes are real numbers in the first part of the training, and are then
/// rounded one after another. In the last part only scales and biases change.
/// </summary>
/// <param name="iterations">The number of steps.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="cancellationToken">Ends the training.</param>
internal sealed class BlockTrainer(int iterations, int threads, CancellationToken cancellationToken)
{
    // The shares of all steps before the first code is rounded, and after the last code was rounded.
    private const double Before = 0.2;
    private const double After = 0.1;

    // The number of times during a block's training at which some of its codes are rounded.
    private const int Roundings = 50;

    // The learning rates of Adam at the first step. The rate of codes is a share of the distance between codes, that of scales is a share of the scale, and
    // that of biases has the unit of the bias.
    private const float CodeRate = 0.01f;
    private const float ScaleRate = 0.001f;
    private const float BiasRate = 0.001f;

    // The share of the first learning rates that remains at the last step.
    private const double LastShare = 0.1;

    /// <summary>Trains the block. If the error on held-out rows does not decrease, the values of the block stay as they were.</summary>
    /// <param name="block">The block.</param>
    /// <param name="model">The model of the block.</param>
    /// <param name="fit">The batches that are trained on.</param>
    /// <param name="heldOut">The held-out batches.</param>
    /// <param name="seed">The seed of the order of batches, and of the rounding that is left out.</param>
    /// <returns>The error on held-out rows before and afterwards, relative to the signal.</returns>
    public (double Before, double After) Train(Block block, OnnxModel model, IReadOnlyList<BlockBatch> fit, IReadOnlyList<BlockBatch> heldOut, ulong seed)
    {
        using var training = new BlockSessions(block, model, isTrained: true, threads);
        using var measuring = new BlockSessions(block, model, isTrained: false, threads);
        foreach (var value in block.Values)
            value.Compute();
        var before = heldOut.Average(batch => measuring.Run(batch));
        var best = new BestState([.. block.Values.Select(value => value.Free)]);
        var trained = training.Trained(fit[0]).ToHashSet();
        TrainedValue[] own = [.. block.Values.Where(value => trained.Contains(value.Input))];
        SoftCodes[] codes = [.. own.OfType<CodedValue>().Select(value => new SoftCodes(value))];
        TrainedValue[] values = [.. codes, .. own.Where(value => value is not CodedValue)];
        Optimize(training, values, codes, fit, seed);
        foreach (var value in codes)
            value.Keep();
        var after = heldOut.Average(batch => measuring.Run(batch));
        if (after < before)
            return (before, after);
        best.Restore();
        foreach (var value in block.Values)
            value.Compute();
        return (before, before);
    }

    private void Optimize(BlockSessions training, TrainedValue[] values, SoftCodes[] codes, IReadOnlyList<BlockBatch> fit, ulong seed)
    {
        var optimizer = new Adam();
        var schedule = new Schedule(ScheduleKind.Linear, 1) { WarmUp = 0, End = LastShare };
        var drop = new RandomDrop(DerivedSeed.Of(seed, 1));
        var order = new SplitMix64(DerivedSeed.Of(seed, 2));
        for (var step = 0; step < iterations; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step * Roundings / iterations > (step - 1) * Roundings / iterations)
                foreach (var value in codes)
                    value.Round(Rounded((double)step / iterations));
            training.Run(fit[(int)order.Below(fit.Count)], drop);
            var share = schedule.At(step, iterations);
            foreach (var value in values)
            {
                value.Collect();
                optimizer.Step([value.Free], share * Rate(value));
                value.Compute();
            }
        }
    }

    // Returns the share of codes that are rounded when a share of the steps is done. The fewer codes are left, the fewer are rounded together, because the
    // remaining codes compensate for the errors of the others.
    private static double Rounded(double done) => 1 - Math.Pow(1 - Math.Clamp((done - Before) / (1 - Before - After), 0, 1), 2);

    private static float Rate(TrainedValue value) =>
        value switch
        {
            SoftCodes => CodeRate,
            ScaleValue => ScaleRate,
            _ => BiasRate,
        };
}
