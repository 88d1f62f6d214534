using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Stored;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Assigns elements of tensors with shared values to the next value, where that lowers the loss on held-out rows. The elements are those for which the
/// gradients of training rows predict the largest decrease. The mean square of the gradients of a tensor is used as its curvature (the Fisher information), up
/// to a factor that is fitted to the changes of the loss.
/// </summary>
/// <param name="training">Computes the gradients.</param>
/// <param name="measuring">Computes the loss on held-out rows.</param>
/// <param name="data">The rows.</param>
/// <param name="size">The number of rows of a batch.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class Reassignment(LossRuns training, LossRuns measuring, TrainingSet data, int size, CancellationToken cancellationToken)
{
    // The number of training batches whose gradients are averaged before elements are reassigned.
    private const int Batches = 16;

    private const int Rounds = 4;
    private const int Trials = 6;

    // The largest share of all elements that one trial assigns to other values.
    private const double MaxShare = 0.1;

    // The factor between the mean square of the gradients and the curvature of the loss, which are only proportional. The first number is the initial value of
    // the factor. When the loss does not decrease as expected, the factor is multiplied by the second number or by a larger one.
    private const double FirstFactor = 1;
    private const double LeastGrowth = 4;

    /// <summary>Assigns elements to other values as long as the loss on held-out rows decreases.</summary>
    /// <param name="values">The tensors.</param>
    /// <param name="loss">The loss on held-out rows before.</param>
    /// <returns>The loss afterwards, and the number of elements with another value.</returns>
    public (HeldOutLoss Loss, int Moved) Run(IReadOnlyList<SharedValue> values, HeldOutLoss loss)
    {
        if (values.Count == 0 || loss.Loss is null)
            return (loss, 0);
        var first = values.ToDictionary(value => value, value => value.Codes.ToArray());
        var elements = values.Sum(value => value.Codes.Length);
        var factor = FirstFactor;
        for (var round = 0; round < Rounds; round++)
        {
            CodeMove[] moves = [.. Moves(values)];
            var trial = 0;
            for (; trial < Trials; trial++)
            {
                CodeMove[] tried =
                [
                    .. moves
                        .Where(move => move.Slope > factor * move.Bend)
                        .OrderByDescending(move => move.Slope - (factor * move.Bend))
                        .ThenBy(move => move.Element)
                        .Take((int)Math.Ceiling(MaxShare * elements)),
                ];
                if (tried.Length == 0)
                    break;
                var before = Array.ConvertAll(tried, move => move.Value.Assign(move.Element, move.Code));
                Compute(values);
                var reached = HeldOutLoss.Measure(measuring, data, size, cancellationToken);
                if (reached.Loss < loss.Loss)
                {
                    loss = reached;
                    break;
                }

                // The factor of the curvature with which the predicted change of the loss would equal the change that the tried assignments caused.
                var fitted = (reached.Loss!.Value - loss.Loss.Value + tried.Sum(move => move.Slope)) / tried.Sum(move => move.Bend);
                factor = Math.Max(factor * LeastGrowth, double.IsFinite(fitted) ? fitted : 0);
                foreach (var (move, code) in tried.Zip(before))
                    move.Value.Assign(move.Element, code);
                Compute(values);
            }

            if (trial == Trials)
                break;
        }

        return (loss, values.Sum(value => Differences(value.Codes, first[value])));
    }

    private IEnumerable<CodeMove> Moves(IReadOnlyList<SharedValue> values)
    {
        var sums = values.Select(value => new double[value.Codes.Length]).ToArray();
        var squares = new double[values.Count];
        foreach (var batch in data.Training(size).Take(Batches))
        {
            cancellationToken.ThrowIfCancellationRequested();
            training.Run(batch);
            foreach (var (index, value) in values.Index())
            {
                var gradient = value.Input.Gradient;
                for (var i = 0; i < gradient.Length; i++)
                {
                    sums[index][i] += gradient[i] / (double)Batches;
                    squares[index] += (double)gradient[i] * gradient[i] * size / Batches / gradient.Length;
                }
            }
        }

        return values.Index().SelectMany(one => one.Item.Moves(sums[one.Index], squares[one.Index]));
    }

    private static void Compute(IReadOnlyList<SharedValue> values)
    {
        foreach (var value in values)
            value.Compute();
    }

    private static int Differences(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        var count = 0;
        for (var i = 0; i < one.Length; i++)
            count += one[i] == other[i] ? 0 : 1;
        return count;
    }
}
