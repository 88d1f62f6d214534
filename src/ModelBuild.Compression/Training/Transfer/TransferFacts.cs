using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Runs;

namespace ModelBuild.Compression.Training.Transfer;

/// <summary>Joins the facts about the two phases of a transfer to those of one training.</summary>
internal static class TransferFacts
{
    /// <summary>Returns the joined facts about both phases.</summary>
    /// <param name="first">The training of the new layer.</param>
    /// <param name="second">The training of all layers; null if there was none.</param>
    /// <param name="plans">The plans of the phases.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="frozen">The weights that were not trained.</param>
    /// <exception cref="CompressionException">MB1045: no step had a smaller loss, so that the new layer is still random.</exception>
    public static TrainingReport Of(TrainingResult first, TrainingResult? second, TrainingPlan[] plans, TrainingSet rows, IReadOnlyList<Skipped> frozen)
    {
        var steps = plans[0].Steps;
        var best = second is { BestStep: > 0 } ? steps + second.BestStep : first.BestStep;
        if (best == 0)
            throw new CompressionException(
                Codes.TrainingDiverged,
                "No step of 'transfer' had a smaller loss on held-out rows, so the new layer has learned nothing: try another rate, and check the labels."
            );
        // The curve of the second phase is appended to that of the first, because it begins where the first one ended.
        var curve = first.Curve.Concat((second?.Curve.Skip(1) ?? []).Select(point => point with { Step = point.Step + steps }));
        return new TrainingReport(
            rows.TrainingRows,
            rows.HeldOutRows,
            HasLabels: true,
            IsCalibration: false,
            plans[0].Batch,
            steps + (second is null ? 0 : plans[1].Steps),
            best,
            [.. curve],
            (second ?? first).HeldOut.Terms,
            frozen
        )
        {
            Memory = second?.Memory ?? first.Memory,
        };
    }
}
