using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Applies the budget to outputs, with the figure of each kind. docs/fidelity.md has the table. With synthetic inputs, scores and probabilities must keep the
/// signal-to-noise ratio, because the highest score of noise has no meaning. With synthetic inputs, indices are not verified, and rows are verified only if no
/// value by which they are selected was compared. Probabilities with errors below a thousandth pass with synthetic inputs if the recipe keeps at least the
/// precision of float16, because the ratio of two negligible numbers does not show a fault of such a recipe. A coarser recipe must keep the ratio, and so must
/// every recipe if the user sets the ratio.
/// </summary>
internal sealed class OutputVerifier(FidelityBudget budget)
{
    private const double NegligibleProbability = 0.001;

    // The number of rows below which one row may differ. With fewer rows, the default budget of 1 % would not allow any row to differ.
    private const int FewRows = 100;

    // The tolerance for comparisons of shares, which binary numbers do not represent exactly.
    private const double Rounding = 1e-9;

    /// <summary>Applies the budget to all outputs. Returns one verdict for each of them.</summary>
    /// <param name="report">The measured figures.</param>
    /// <param name="isPrecise">Whether the compressed model keeps all numbers with at least the precision of float16.</param>
    public IReadOnlyList<OutputVerdict> Verify(FidelityReport report, bool isPrecise)
    {
        var isReal = report.Inputs == InputKind.Calibration;
        var hasFeeders = report.Outputs.Any(output => output is { Feeds: not null, IsMeasured: true });
        return [.. report.Outputs.Select(output => Verify(output, isReal, isPrecise, hasFeeders))];
    }

    private OutputVerdict Verify(OutputFidelity output, bool isReal, bool isPrecise, bool hasFeeders)
    {
        if (!output.IsCompared)
            return WithoutLimit(output);
        var verdict = isReal ? VerifyWithData(output) : VerifyWithSyntheticInputs(output, isPrecise, hasFeeders);
        // The comparison of an output that is the same on all inputs can show an error, but not that the output is right. Such an output fails if it exceeds
        // its limit. Otherwise the output has no limit and counts as not measured.
        return verdict.Passed && !output.IsMeasured ? WithoutLimit(output) : verdict;
    }

    private OutputVerdict VerifyWithData(OutputFidelity output)
    {
        if (output.Accuracy is { } accuracy)
            return VerifyLoss(output, accuracy.Loss, "accuracy lost");
        if (output.Matches is { } matches && (output.Kind is FidelityKind.Rows or FidelityKind.Boxes || VerifyMatches(output, matches) is { Passed: false }))
            return VerifyMatches(output, matches);
        return output.Kind switch
        {
            FidelityKind.Scores or FidelityKind.Tokens when output.IsNamed && budget.MinSqnr is not null => VerifyNumbers(output),
            FidelityKind.Scores or FidelityKind.Indices when output.Top1Agreement is { } agreement => VerifyLoss(
                output,
                1 - agreement,
                "decisions that differ"
            ),
            FidelityKind.Tokens when output.Top1Agreement is { } agreement => VerifyLoss(output, 1 - agreement, "decoded symbols that differ"),
            FidelityKind.Probabilities when output.Top1Agreement is { } agreement && budget.MinSqnr is null => VerifyLoss(
                output,
                1 - agreement,
                "decisions that differ"
            ),
            _ => VerifyNumbers(output),
        };
    }

    private OutputVerdict VerifyWithSyntheticInputs(OutputFidelity output, bool isPrecise, bool hasFeeders)
    {
        if (output.Matches is { } matches)
            return hasFeeders || !output.IsFloat ? WithoutLimit(output) : VerifyMatches(output, matches);
        if (!output.IsFloat)
            return WithoutLimit(output);
        var verdict = VerifyNumbers(output);
        var sparesNegligible = isPrecise && (budget.MinSqnr is null || budget.SparesNegligible);
        return !verdict.Passed && sparesNegligible && output.IsProbability && output.MaxAbsoluteError <= NegligibleProbability
            ? new OutputVerdict(output, $"an error of {NegligibleProbability.ToString(CultureInfo.InvariantCulture)} in probabilities", verdict.Measured, true)
            : verdict;
    }

    private OutputVerdict VerifyNumbers(OutputFidelity output) =>
        output switch
        {
            { Kind: FidelityKind.Embedding, Cosine: { } cosine } when budget.MinSqnr is null => VerifyCosine(output, cosine),
            { Kind: FidelityKind.Image, PsnrDb: { } peak } when budget.MinSqnr is null => new OutputVerdict(
                output,
                $"PSNR {Short(FidelityBudget.MinPsnr)} dB",
                string.Create(CultureInfo.InvariantCulture, $"PSNR {SignedNumber.Of(peak, 1)} dB"),
                peak >= FidelityBudget.MinPsnr
            ),
            _ => new OutputVerdict(
                output,
                $"{nameof(FidelityBudget.MinSqnr)} {Short(budget.LeastSqnr)} dB",
                string.Create(CultureInfo.InvariantCulture, $"{SignedNumber.Of(output.SqnrDb, 1)} dB"),
                output.SqnrDb >= budget.LeastSqnr
            ),
        };

    private static OutputVerdict VerifyCosine(OutputFidelity output, CosineFigures cosine) =>
        new(
            output,
            $"cosine {Short(FidelityBudget.MinMeanCosine)} in the mean, {Short(FidelityBudget.MinCosine)} at the worst",
            string.Create(CultureInfo.InvariantCulture, $"cosine {cosine.Mean:0.0000} in the mean, {cosine.Worst:0.0000} at the worst"),
            cosine.Mean >= FidelityBudget.MinMeanCosine && cosine.Worst >= FidelityBudget.MinCosine
        );

    private OutputVerdict VerifyMatches(OutputFidelity output, MatchFigures matches) =>
        VerifyLoss(output, 1 - matches.F1, $"rows that do not match ({matches.Before} before, {matches.After} after)");

    // Applies the budget to a loss. If one row of few is a larger share than the budget, one row may differ, because so few rows cannot show a smaller loss. A
    // budget of 0 allows no row to differ.
    private OutputVerdict VerifyLoss(OutputFidelity output, double loss, string what)
    {
        var allowsOne = budget.MaxAccuracyLoss > 0 && output.Rows is > 0 and < FewRows && 1.0 / output.Rows > budget.MaxAccuracyLoss;
        return new OutputVerdict(
            output,
            $"{nameof(FidelityBudget.MaxAccuracyLoss)} {Percent(budget.MaxAccuracyLoss)}{(allowsOne ? $" (one of {output.Rows})" : "")}",
            $"{Percent(loss)} {what}",
            loss <= (allowsOne ? 1.0 / output.Rows : budget.MaxAccuracyLoss) + Rounding
        );
    }

    private static OutputVerdict WithoutLimit(OutputFidelity output) => new(output, null, "", true);

    private static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%");
}
