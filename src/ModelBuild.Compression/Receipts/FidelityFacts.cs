using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>The fidelity of one output, of a part of it, or of a value that feeds a selection.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="SqnrDb">Signal-to-quantization-noise ratio in dB; 200 when identical; null when nothing was compared.</param>
/// <param name="Top1Agreement">
/// Share (0…1) of rows with the same top class, of equal decisions, of equal decoded symbols, or of equal elements; null when that says nothing.
/// </param>
/// <param name="MaxAbsoluteError">The largest difference of two elements.</param>
/// <param name="Accuracy">Top-1 accuracy before and after; null without labels.</param>
/// <param name="Budget">What the output was held against; null when it was not judged.</param>
/// <param name="Passed">Whether it is within the budget.</param>
public sealed record FidelityFacts(
    string Output,
    double? SqnrDb,
    double? Top1Agreement,
    double MaxAbsoluteError,
    Accuracy? Accuracy,
    string? Budget,
    bool Passed
)
{
    // Beyond four digits the figures are those of one processor.
    private const int Digits = 4;

    /// <summary>The name of the value that is this part of a joined output; null for a whole output.</summary>
    public string? Part { get; init; }

    /// <summary>The operator that selects by this value; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>What it holds.</summary>
    [JsonConverter(typeof(CamelCaseEnum<FidelityKind>))]
    public FidelityKind Kind { get; init; }

    /// <summary>Whether the comparison says something.</summary>
    public bool Measured { get; init; } = true;

    /// <summary>Why it says nothing; null when it says something.</summary>
    [JsonConverter(typeof(CamelCaseEnum<NotMeasured>))]
    public NotMeasured? WhyNot { get; init; }

    /// <summary>Cosines of vectors; null for other kinds.</summary>
    public CosineFigures? Cosine { get; init; }

    /// <summary>Matched rows; null where elements are compared by their position.</summary>
    public MatchFigures? Matches { get; init; }

    /// <summary>Peak signal-to-noise ratio of pictures in dB; null for other kinds.</summary>
    public double? PsnrDb { get; init; }

    /// <summary>Whether the output was held against <c>MinSqnr</c>, so that its decibels say how near it is.</summary>
    [JsonIgnore]
    public bool IsJudgedBySqnr => Budget?.StartsWith(nameof(FidelityBudget.MinSqnr), StringComparison.Ordinal) == true;

    /// <summary>The output's name, with that of the part.</summary>
    [JsonIgnore]
    public string Name => Part is null ? Output : $"{Output}: {Part}";

    /// <summary>How near the output is, in a few words: the figure that it was held against, or the budget where no figure says anything.</summary>
    [JsonIgnore]
    public string Nearness =>
        WhyNot is { } why ? $"not measured: {FidelityWords.Why(why)}"
        : SqnrDb >= OutputFidelity.IdenticalDb ? "identical answers"
        : !IsJudgedBySqnr && Cosine is { } cosine ? string.Create(CultureInfo.InvariantCulture, $"cosine {cosine.Mean:0.####}")
        : !IsJudgedBySqnr && Matches is { } matches ? string.Create(CultureInfo.InvariantCulture, $"F1 {matches.F1:0.####}")
        : !IsJudgedBySqnr && PsnrDb is { } peak ? string.Create(CultureInfo.InvariantCulture, $"PSNR {peak:0.0} dB")
        : IsJudgedBySqnr || Top1Agreement is not null ? string.Create(CultureInfo.InvariantCulture, $"{SqnrDb:0.0} dB")
        : Budget ?? "";

    /// <summary>The output that is farthest from the original's; null when none was held against a budget.</summary>
    public static FidelityFacts? Worst(IEnumerable<FidelityFacts> outputs) =>
        outputs
            .Where(output => output.Budget is not null && output.Measured)
            .OrderByDescending(output => output.IsJudgedBySqnr)
            .ThenBy(output => output.SqnrDb)
            .FirstOrDefault();

    /// <summary>The outputs that were not exercised: the comparison says nothing of them.</summary>
    public static IReadOnlyList<FidelityFacts> NotExercised(IEnumerable<FidelityFacts> outputs) =>
        [.. outputs.Where(output => output.WhyNot is not null and not NotMeasured.Missing)];

    /// <summary>The facts of a verdict, rounded to what means something.</summary>
    public static FidelityFacts Of(OutputVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var fidelity = verdict.Fidelity;
        return new FidelityFacts(
            fidelity.Output,
            fidelity.IsCompared ? Math.Round(fidelity.SqnrDb, 2) : null,
            Rounded(fidelity.Top1Agreement),
            double.IsFinite(fidelity.MaxAbsoluteError) ? Significant(fidelity.MaxAbsoluteError) : double.MaxValue,
            fidelity.Accuracy is { } accuracy ? new Accuracy(Rounded(accuracy.Before), Rounded(accuracy.After)) : null,
            verdict.Budget,
            verdict.Passed
        )
        {
            Part = fidelity.Part,
            Feeds = fidelity.Feeds,
            Kind = fidelity.Kind,
            Measured = fidelity.IsMeasured,
            WhyNot = fidelity.WhyNotMeasured,
            Cosine = fidelity.Cosine is { } cosine ? Rounded(cosine) : null,
            Matches = fidelity.Matches is { } matches ? matches with { F1 = Rounded(matches.F1), StrictF1 = Rounded(matches.StrictF1) } : null,
            PsnrDb = fidelity.PsnrDb is { } peak ? Math.Round(peak, 2) : null,
        };
    }

    private static CosineFigures Rounded(CosineFigures cosine) =>
        new(Rounded(cosine.Mean), Rounded(cosine.Worst), Rounded(cosine.KeptNeighbours), Math.Round(cosine.SqnrDb, 2));

    private static double Rounded(double value) => Math.Round(value, Digits);

    private static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;

    private static double Significant(double value) =>
        value == 0 ? 0 : double.Parse(value.ToString($"E{Digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
