using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>The fidelity of one output, of a part of it, or of a value that a selection reads.</summary>
/// <param name="Output">The name of the output.</param>
/// <param name="SqnrDb">The signal-to-quantization-noise ratio in dB; 200 for identical outputs; null when nothing was compared.</param>
/// <param name="Top1Agreement">
/// The share (0…1) of rows with the same top class, of equal decisions, of equal decoded symbols, or of equal elements; null when the share has no meaning.
/// </param>
/// <param name="MaxAbsoluteError">The largest absolute difference of two elements.</param>
/// <param name="Accuracy">The top-1 accuracy before and after compression; null without labels.</param>
/// <param name="Budget">The limit for the output, such as <c>MinSqnr 30 dB</c>; null when no limit applies.</param>
/// <param name="Passed">Whether the output is within the limit.</param>
internal sealed record FidelityFacts(
    string Output,
    double? SqnrDb,
    double? Top1Agreement,
    double MaxAbsoluteError,
    Accuracy? Accuracy,
    string? Budget,
    bool Passed
)
{
    // The number of significant digits of the figures in receipts. Further digits would differ between CPUs.
    private const int Digits = 4;

    /// <summary>The name of the joined value that is this part; null for a complete output.</summary>
    public string? Part { get; init; }

    /// <summary>The operator that selects rows by this value; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>The kind of the output's content, which determines how it is compared.</summary>
    [JsonConverter(typeof(CamelCaseEnum<FidelityKind>))]
    public FidelityKind Kind { get; init; }

    /// <summary>Whether the comparison of the output has a meaning.</summary>
    public bool Measured { get; init; } = true;

    /// <summary>The reason why the comparison of the output has no meaning; null when it has one.</summary>
    [JsonConverter(typeof(CamelCaseEnum<NotMeasured>))]
    public NotMeasured? WhyNot { get; init; }

    /// <summary>The cosines of vectors; null for other kinds.</summary>
    public CosineFigures? Cosine { get; init; }

    /// <summary>The figures of matching rows; null when elements are compared by their positions.</summary>
    public MatchFigures? Matches { get; init; }

    /// <summary>The peak signal-to-noise ratio of images in dB; null for other kinds.</summary>
    public double? PsnrDb { get; init; }

    /// <summary>Whether the limit of the output is <c>MinSqnr</c>, so that the SQNR in dB describes the fidelity.</summary>
    [JsonIgnore]
    public bool IsVerifiedBySqnr => Budget?.StartsWith(nameof(FidelityBudget.MinSqnr), StringComparison.Ordinal) == true;

    /// <summary>The name of the output, with the name of the part if the facts are about a part.</summary>
    [JsonIgnore]
    public string Name => Part is null ? Output : $"{Output}: {Part}";

    /// <summary>A short text with the figure that the limit applies to, or with the limit when no figure has a meaning.</summary>
    [JsonIgnore]
    public string Nearness =>
        WhyNot is { } why ? $"not measured: {FidelityWords.Why(why)}"
        : SqnrDb >= OutputFidelity.IdenticalDb ? "identical outputs"
        : !IsVerifiedBySqnr && Cosine is { } cosine ? string.Create(CultureInfo.InvariantCulture, $"cosine {cosine.Mean:0.####}")
        : !IsVerifiedBySqnr && Matches is { } matches ? string.Create(CultureInfo.InvariantCulture, $"F1 {matches.F1:0.####}")
        : !IsVerifiedBySqnr && PsnrDb is { } peak ? string.Create(CultureInfo.InvariantCulture, $"PSNR {SignedNumber.Of(peak, 1)} dB")
        : IsVerifiedBySqnr || Top1Agreement is not null ? FidelityFigures.Decibels(SqnrDb)
        : Budget ?? "";

    /// <summary>Returns the output with the lowest fidelity, or null when no output has a limit.</summary>
    public static FidelityFacts? Worst(IEnumerable<FidelityFacts> outputs) =>
        outputs
            .Where(output => output.Budget is not null && output.Measured)
            .OrderByDescending(output => output.IsVerifiedBySqnr)
            .ThenBy(output => output.SqnrDb)
            .FirstOrDefault();

    /// <summary>Returns the outputs whose comparison has no meaning, except outputs that are missing in the result.</summary>
    public static IReadOnlyList<FidelityFacts> NotExercised(IEnumerable<FidelityFacts> outputs) =>
        [.. outputs.Where(output => output.WhyNot is not null and not NotMeasured.Missing)];

    /// <summary>Returns the facts of a verdict with figures that are rounded for receipts.</summary>
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
