using System.Globalization;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Holds outputs against the budget, each by the figure of its kind; docs/fidelity.md has the table. On made inputs scores and probabilities are held
/// against their signal to noise ratio, because
/// the winners among noise say nothing; indices are not judged, and rows only where nothing was compared that they are selected by. Probabilities off
/// by less than a thousandth are
/// spared there where the recipe keeps at least float16's precision, because the ratio of two nothings is no proof against such a recipe. A coarser
/// recipe has to show its decibels.
/// </summary>
internal sealed class OutputJudge(FidelityBudget budget)
{
    private const double NegligibleProbability = 0.001;

    // With fewer rows the default budget of 1 % allows none to differ.
    private const int FewRows = 100;

    // Shares of a number of samples are not exact in binary.
    private const double Rounding = 1e-9;

    /// <summary>One verdict for each output.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="isPrecise">Whether the compressed model keeps every number at float16's precision or better.</param>
    public IReadOnlyList<OutputVerdict> Judge(FidelityReport report, bool isPrecise)
    {
        var isReal = report.Inputs == "calibration";
        var hasFeeders = report.Outputs.Any(output => output is { Feeds: not null, IsMeasured: true });
        return [.. report.Outputs.Select(output => Judge(output, isReal, isPrecise, hasFeeders))];
    }

    private OutputVerdict Judge(OutputFidelity output, bool isReal, bool isPrecise, bool hasFeeders)
    {
        if (!output.IsCompared)
            return NotJudged(output);
        var verdict = isReal ? JudgeReal(output) : JudgeMade(output, isPrecise, hasFeeders);
        // What does not vary proves nothing, but it may still be wrong.
        return verdict.Passed && !output.IsMeasured ? NotJudged(output) : verdict;
    }

    private OutputVerdict JudgeReal(OutputFidelity output)
    {
        if (output.Accuracy is { } accuracy)
            return JudgeLoss(output, accuracy.Loss, "accuracy lost");
        if (output.Matches is { } matches && (output.Kind is FidelityKind.Rows or FidelityKind.Boxes || JudgeMatches(output, matches) is { Passed: false }))
            return JudgeMatches(output, matches);
        return output.Kind switch
        {
            FidelityKind.Scores or FidelityKind.Tokens when output.IsNamed && budget.MinSqnr is not null => JudgeNumbers(output),
            FidelityKind.Scores or FidelityKind.Indices when output.Top1Agreement is { } agreement => JudgeLoss(output, 1 - agreement, "answers that differ"),
            FidelityKind.Tokens when output.Top1Agreement is { } agreement => JudgeLoss(output, 1 - agreement, "decoded symbols that differ"),
            FidelityKind.Probabilities when output.Top1Agreement is { } agreement && budget.MinSqnr is null => JudgeLoss(
                output,
                1 - agreement,
                "decisions that differ"
            ),
            _ => JudgeNumbers(output),
        };
    }

    private OutputVerdict JudgeMade(OutputFidelity output, bool isPrecise, bool hasFeeders)
    {
        if (output.Matches is { } matches)
            return hasFeeders || !output.IsFloat ? NotJudged(output) : JudgeMatches(output, matches);
        if (!output.IsFloat)
            return NotJudged(output);
        var verdict = JudgeNumbers(output);
        return !verdict.Passed && isPrecise && output.IsProbability && output.MaxAbsoluteError <= NegligibleProbability
            ? new OutputVerdict(output, $"probabilities within {NegligibleProbability.ToString(CultureInfo.InvariantCulture)}", verdict.Measured, true)
            : verdict;
    }

    private OutputVerdict JudgeNumbers(OutputFidelity output) =>
        output switch
        {
            { Kind: FidelityKind.Embedding, Cosine: { } cosine } when budget.MinSqnr is null => JudgeCosine(output, cosine),
            { Kind: FidelityKind.Image, PsnrDb: { } peak } when budget.MinSqnr is null => new OutputVerdict(
                output,
                $"PSNR {Short(FidelityBudget.LeastPsnr)} dB",
                string.Create(CultureInfo.InvariantCulture, $"PSNR {peak:0.0} dB"),
                peak >= FidelityBudget.LeastPsnr
            ),
            _ => new OutputVerdict(
                output,
                $"{nameof(FidelityBudget.MinSqnr)} {Short(budget.LeastSqnr)} dB",
                string.Create(CultureInfo.InvariantCulture, $"{output.SqnrDb:0.0} dB"),
                output.SqnrDb >= budget.LeastSqnr
            ),
        };

    private static OutputVerdict JudgeCosine(OutputFidelity output, CosineFigures cosine) =>
        new(
            output,
            $"cosine {Short(FidelityBudget.LeastMeanCosine)} in the mean, {Short(FidelityBudget.LeastCosine)} at the worst",
            string.Create(CultureInfo.InvariantCulture, $"cosine {cosine.Mean:0.0000} in the mean, {cosine.Worst:0.0000} at the worst"),
            cosine.Mean >= FidelityBudget.LeastMeanCosine && cosine.Worst >= FidelityBudget.LeastCosine
        );

    private OutputVerdict JudgeMatches(OutputFidelity output, MatchFigures matches) =>
        JudgeLoss(output, 1 - matches.F1, $"rows that do not match ({matches.Before} before, {matches.After} after)");

    // Where rows are few and one of them is a greater share than the budget, one row may differ: so few rows cannot show a smaller loss. A budget of
    // 0 allows no row to differ.
    private OutputVerdict JudgeLoss(OutputFidelity output, double loss, string what)
    {
        var allowsOne = budget.MaxAccuracyLoss > 0 && output.Rows is > 0 and < FewRows && 1.0 / output.Rows > budget.MaxAccuracyLoss;
        return new OutputVerdict(
            output,
            $"{nameof(FidelityBudget.MaxAccuracyLoss)} {Percent(budget.MaxAccuracyLoss)}{(allowsOne ? $" (one of {output.Rows})" : "")}",
            $"{Percent(loss)} {what}",
            loss <= (allowsOne ? 1.0 / output.Rows : budget.MaxAccuracyLoss) + Rounding
        );
    }

    private static OutputVerdict NotJudged(OutputFidelity output) => new(output, null, "", true);

    private static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%");
}
