using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Stored;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Assigns elements of tensors with shared values to the next value, where that lowers the loss on held-out rows. The elements are those for which the gradients
/// of training rows promise most. Their squares approximate the curvature (the Fisher information).
/// </summary>
/// <param name="training">Computes the gradients.</param>
/// <param name="measuring">Computes the loss on held-out rows.</param>
/// <param name="data">The rows.</param>
/// <param name="size">The number of rows of a batch.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class Reassignment(LossRuns training, LossRuns measuring, TrainingSet data, int size, CancellationToken cancellationToken)
{
    // The batches whose gradients are averaged.
    private const int Batches = 16;

    private const int Rounds = 4;

    // The share of all elements that move together at first; it shrinks by the divisor when the loss does not fall.
    private const double FirstShare = 0.1;
    private const double LeastShare = 0.0005;
    private const double Divisor = 4;

    /// <summary>Assigns elements while that helps.</summary>
    /// <param name="values">The tensors.</param>
    /// <param name="loss">The loss on held-out rows before.</param>
    /// <returns>The loss afterwards, and the number of elements with another value.</returns>
    public (HeldOutLoss Loss, int Moved) Run(IReadOnlyList<SharedValue> values, HeldOutLoss loss)
    {
        if (values.Count == 0 || loss.Loss is null)
            return (loss, 0);
        var first = values.ToDictionary(value => value, value => value.Codes.ToArray());
        var elements = values.Sum(value => value.Codes.Length);
        var share = FirstShare;
        for (var round = 0; round < Rounds && share >= LeastShare; round++)
        {
            CodeMove[] moves = [.. Moves(values).OrderByDescending(move => move.Gain).ThenBy(move => move.Element)];
            var isBetter = false;
            for (; !isBetter && share >= LeastShare && moves.Length > 0; share = isBetter ? share : share / Divisor)
            {
                CodeMove[] tried = [.. moves.Take((int)Math.Ceiling(share * elements))];
                var before = Array.ConvertAll(tried, move => move.Value.Assign(move.Element, move.Code));
                Compute(values);
                var reached = HeldOutLoss.Measure(measuring, data, size, cancellationToken);
                isBetter = reached.Loss < loss.Loss;
                if (isBetter)
                {
                    loss = reached;
                    continue;
                }

                foreach (var (move, code) in tried.Zip(before))
                    move.Value.Assign(move.Element, code);
                Compute(values);
            }

            if (!isBetter)
                break;
        }

        return (loss, values.Sum(value => Differences(value.Codes, first[value])));
    }

    private IEnumerable<CodeMove> Moves(IReadOnlyList<SharedValue> values)
    {
        var sums = values.Select(value => (Gradient: new double[value.Codes.Length], Square: new double[value.Codes.Length])).ToArray();
        foreach (var batch in data.Training(size).Take(Batches))
        {
            cancellationToken.ThrowIfCancellationRequested();
            training.Run(batch);
            foreach (var (value, (gradient, square)) in values.Zip(sums))
                for (var i = 0; i < gradient.Length; i++)
                {
                    var one = (double)value.Input.Gradient[i];
                    gradient[i] += one / Batches;
                    square[i] += one * one * size / Batches;
                }
        }

        return values.Zip(sums).SelectMany(pair => pair.First.Moves(pair.Second.Gradient, pair.Second.Square));
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
