using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>The fidelity of one output.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="SqnrDb">Signal-to-quantization-noise ratio in dB; 200 when identical.</param>
/// <param name="Top1Agreement">Share (0…1) of rows with the same top class, or of equal elements; null when that says nothing.</param>
/// <param name="MaxAbsoluteError">The largest difference of two elements.</param>
/// <param name="Accuracy">Top-1 accuracy before and after; null without labels.</param>
/// <param name="Budget">What the output was held against; null when it was not judged.</param>
/// <param name="Passed">Whether it is within the budget.</param>
public sealed record FidelityFacts(string Output, double SqnrDb, double? Top1Agreement, double MaxAbsoluteError, Accuracy? Accuracy, string? Budget, bool Passed)
{
    // Beyond four digits the figures are those of one processor.
    private const int Digits = 4;

    /// <summary>Whether the output was held against <c>MinSqnr</c>, so that its decibels say how near it is.</summary>
    [JsonIgnore]
    public bool IsJudgedBySqnr => Budget?.StartsWith(nameof(FidelityBudget.MinSqnr), StringComparison.Ordinal) == true;

    /// <summary>The output that is farthest from the original's; null when none was held against a budget.</summary>
    public static FidelityFacts? Worst(IEnumerable<FidelityFacts> outputs) =>
        outputs.Where(output => output.Budget is not null).OrderByDescending(output => output.IsJudgedBySqnr).ThenBy(output => output.SqnrDb).FirstOrDefault();

    /// <summary>How near the output is, in a few words: decibels, or the budget where those say nothing.</summary>
    [JsonIgnore]
    public string Nearness => SqnrDb >= OutputFidelity.IdenticalDb ? "identical answers"
        : IsJudgedBySqnr || Top1Agreement is not null ? string.Create(CultureInfo.InvariantCulture, $"{SqnrDb:0.0} dB")
        : Budget ?? "";

    /// <summary>The facts of a verdict, rounded to what means something.</summary>
    public static FidelityFacts Of(OutputVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var fidelity = verdict.Fidelity;
        return new FidelityFacts(
            fidelity.Output,
            Math.Round(fidelity.SqnrDb, 2),
            fidelity.Top1Agreement is { } agreement ? Math.Round(agreement, Digits) : null,
            double.IsFinite(fidelity.MaxAbsoluteError) ? Significant(fidelity.MaxAbsoluteError) : double.MaxValue,
            fidelity.Accuracy is { } accuracy ? new Accuracy(Math.Round(accuracy.Before, Digits), Math.Round(accuracy.After, Digits)) : null,
            verdict.Budget,
            verdict.Passed);
    }

    private static double Significant(double value) =>
        value == 0 ? 0 : double.Parse(value.ToString($"E{Digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
