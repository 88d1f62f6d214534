using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>The verdict about a result: how well its outputs agree with those of the original, with the reason.</summary>
/// <param name="Level">The degree to which the figures support the verdict.</param>
/// <param name="Word">The verdict.</param>
/// <param name="Reason">The reason.</param>
internal sealed record ReportVerdict(VerdictLevel Level, string Word, string Reason)
{
    // The smallest loss of accuracy for which the verdict is "Good, with a loss". A smaller loss on a few hundred samples may be chance.
    private const double NotableLoss = 0.01;
    private const double SameAccuracy = 0.00005;

    /// <summary>Returns the verdict of a receipt.</summary>
    public static ReportVerdict Of(Receipt receipt)
    {
        if (receipt.Recipe.Steps.Count == 0)
            return new ReportVerdict(VerdictLevel.Unchanged, "Unchanged", $"the original is deployed: {WhyKept(receipt)}.");
        if (receipt.Verification is not { Calls: > 0 } verification)
            return new ReportVerdict(VerdictLevel.Untested, "Not tested", "the outputs were not compared with those of the original.");
        FidelityFacts[] missed = [.. receipt.Fidelity.Where(output => !output.Passed)];
        if (missed.Length > 0)
            return new ReportVerdict(VerdictLevel.Bad, "Not right", $"{string.Join("; ", missed.Select(FidelityFigures.Line))}.");
        var silent = FidelityFacts.NotExercised(receipt.Fidelity);
        if (FidelityFacts.Worst(receipt.Fidelity) is not { } worst)
            return new ReportVerdict(
                VerdictLevel.Untested,
                "Not tested",
                $"{Inputs(verification)} do not exercise this model; {FidelityWords.Wanted(verification.Inputs)}."
            );
        var measured = $"{worst.Nearness} on {Samples(verification)}{Accuracy(receipt)}";
        return silent.Count > 0
                ? new ReportVerdict(
                    VerdictLevel.Caution,
                    "Partly tested",
                    $"{measured}; {Inputs(verification)} do not exercise {string.Join(", ", silent.Select(output => output.Name))}: "
                        + $"{FidelityWords.Wanted(verification.Inputs)}."
                )
            : verification.Inputs == InputKind.Synthetic
                ? new ReportVerdict(VerdictLevel.Caution, "Probably good", $"{measured}. Real inputs may differ: give CalibrationData.")
            : verification.Fitted > 0 && verification.Fitted + verification.Judged > verification.Samples
                ? new ReportVerdict(
                    VerdictLevel.Caution,
                    "Probably good",
                    $"{measured}. The steps were fitted to the same samples, so the figures are too good: give more CalibrationData."
                )
            : Loss(receipt) >= NotableLoss ? new ReportVerdict(VerdictLevel.Caution, "Good, with a loss", $"{measured}.")
            : new ReportVerdict(VerdictLevel.Good, "Good", $"{measured}.");
    }

    /// <summary>Returns the sentence about the samples that steps were fitted to and those that were held out.</summary>
    public static string Division(VerificationFacts verification) =>
        verification.Inputs == InputKind.Synthetic
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Nothing was fitted to data. Both models ran on {verification.Calls:N0} synthetic inputs with the declared shapes."
            )
        : verification.Fitted == 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"No step was fitted to data, so all {verification.Judged:N0} samples of the calibration data were used for the comparison."
            )
        : verification.Fitted + verification.Judged > verification.Samples
            ? string.Create(CultureInfo.InvariantCulture, $"The steps were fitted to the same {verification.Judged:N0} samples: fewer than 16 are not divided.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The steps were fitted to {verification.Fitted:N0} samples. {verification.Judged:N0} others were held out, and only they count for the comparison."
        );

    private static string WhyKept(Receipt receipt) =>
        (receipt.Attempts.LastOrDefault(attempt => attempt.Outcome == AttemptOutcome.Refused) ?? receipt.Attempts[^1]).Why;

    private static string Inputs(VerificationFacts verification) => verification.Inputs == InputKind.Synthetic ? "synthetic inputs" : "these samples";

    private static string Samples(VerificationFacts verification) =>
        verification.Inputs == InputKind.Synthetic ? string.Create(CultureInfo.InvariantCulture, $"{verification.Calls:N0} synthetic inputs")
        : verification.Fitted > 0 && verification.Fitted + verification.Judged <= verification.Samples
            ? string.Create(CultureInfo.InvariantCulture, $"{verification.Judged:N0} held-out real inputs")
        : string.Create(CultureInfo.InvariantCulture, $"{verification.Judged:N0} real inputs");

    private static double Loss(Receipt receipt) => receipt.Fidelity.Max(output => output.Accuracy is { } accuracy ? accuracy.Before - accuracy.After : 0);

    private static string Accuracy(Receipt receipt) =>
        receipt.Fidelity.FirstOrDefault(output => output.Accuracy is not null)?.Accuracy is not { } accuracy ? ""
        : Math.Abs(accuracy.Before - accuracy.After) < SameAccuracy ? ", accuracy unchanged"
        : $", accuracy {Html.Percent(accuracy.Before)} → {Html.Percent(accuracy.After)}";
}
