using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Transfer;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// Checks that a model with new classes recognizes them. The original has other classes and cannot be compared with the model, so the check uses the accuracy.
/// It is measured on calibration data with labels, or else on the held-out rows of the training.
/// </summary>
/// <param name="head">The new layer.</param>
/// <param name="context">The model and the calibration data.</param>
internal sealed class LearnedClasses(NewHead head, PassContext context)
{
    /// <summary>Checks the accuracy of the trained model.</summary>
    /// <param name="training">The facts about the training.</param>
    /// <exception cref="CompressionException">MB1009: the accuracy is that of guessing. MB1019: a label is no class.</exception>
    public void Check(TrainingReport training)
    {
        var measured = Measure();
        if ((measured?.Accuracy ?? training.Transfer?.Last) is not { } share)
            throw new CompressionException(
                Codes.FidelityMissed,
                $"The model after '{TransferOptions.Name}' cannot be verified, because no row is held out: give more training data, or calibration data "
                    + "with labels."
            );
        if (share < 1.0 / head.Classes + AgreementMeter.BetterThanGuessing)
            throw new CompressionException(
                Codes.FidelityMissed,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model after '{TransferOptions.Name}' is right for {share:P1} of {measured?.Rows ?? training.HeldOutRows:N0} "
                        + $"{(measured is null ? "held-out rows" : "calibration rows")}, hardly better than guessing"
                ) + ": give more training data, train for more epochs, and check that the labels belong to the rows."
            );
    }

    private (double Accuracy, long Rows)? Measure()
    {
        if (context.Calibration?.All is not { } samples)
            return null;
        var copy = context.Model.Clone();
        new Graph(copy).SetOutputs([head.Scores]);
        ModelRunner? runner = null;
        var (right, rows) = (0L, 0L);
        try
        {
            foreach (var sample in samples.Read(context.CancellationToken))
                if (sample.Labels is { Length: > 0 } labels)
                {
                    runner ??= new ModelRunner(Sessions.OpenPortable(copy));
                    Calibration.SampleFaults.Check(sample, [], head.Classes);
                    var scores = runner.Run(sample, context.CancellationToken)[0].Numbers;
                    if (scores.Length != labels.Length * head.Classes)
                        continue;
                    right += labels.Index().Count(row => Top(scores.AsSpan(row.Index * head.Classes, head.Classes)) == row.Item);
                    rows += labels.Length;
                }
        }
        finally
        {
            runner?.Dispose();
        }

        return rows == 0 ? null : ((double)right / rows, rows);
    }

    private static int Top(ReadOnlySpan<double> scores)
    {
        var top = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[top])
                top = i;
        return top;
    }
}
