namespace ModelBuild.Compression.Verification;

/// <summary>The similarity of one output of the compressed model, or of a part of it, to that of the original.</summary>
/// <param name="Output">The name of the output.</param>
/// <param name="IsFloat">Whether the output holds floats rather than indices, flags or texts.</param>
/// <param name="SqnrDb">10 · log₁₀(Σx² / Σ(x − y)²) over all samples, in dB; 200 for identical outputs, −200 for incomparable ones.</param>
/// <param name="Top1Agreement">
/// The share (0…1) of rows whose highest score has the same class, of equal decisions, of equal decoded symbols, or of equal elements; null when the output
/// has none of these.
/// </param>
/// <param name="MaxAbsoluteError">The largest absolute difference of two elements.</param>
/// <param name="Accuracy">The top-1 accuracy for the labels of the data; null without labels.</param>
internal sealed record OutputFidelity(string Output, bool IsFloat, double SqnrDb, double? Top1Agreement, double MaxAbsoluteError, Accuracy? Accuracy)
{
    /// <summary>The ratio in dB that replaces infinity for identical outputs. It exceeds what sums in float64 can resolve.</summary>
    public const double IdenticalDb = 200;

    /// <summary>The name of the joined value that is this part; null for a complete output.</summary>
    public string? Part { get; init; }

    /// <summary>The operator that selects rows by this value; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>The kind of the output's content, which determines how it is compared.</summary>
    public FidelityKind Kind { get; init; }

    /// <summary>Whether the elements are probabilities.</summary>
    public bool IsProbability { get; init; }

    /// <summary>Whether the kind follows only from the name of the output. Then a ratio that the user sets replaces the figure of the kind.</summary>
    public bool IsNamed { get; init; }

    /// <summary>The reason why the comparison of the output has no meaning; null when it has one.</summary>
    public NotMeasured? WhyNotMeasured { get; init; }

    /// <summary>The similarity of vectors; null for other kinds.</summary>
    public CosineFigures? Cosine { get; init; }

    /// <summary>The figures of matching rows; null when elements are compared by their positions.</summary>
    public MatchFigures? Matches { get; init; }

    /// <summary>The peak signal-to-noise ratio of images, 10 · log₁₀(range² / mean squared error), in dB; null for other kinds.</summary>
    public double? PsnrDb { get; init; }

    /// <summary>The number of compared rows of scores; 0 when the output has none.</summary>
    public long Rows { get; init; }

    /// <summary>Whether the comparison of the output has a meaning.</summary>
    public bool IsMeasured => WhyNotMeasured is null;

    /// <summary>Whether elements of the output were compared.</summary>
    public bool IsCompared => WhyNotMeasured is null or NotMeasured.Constant or NotMeasured.Saturated;

    /// <summary>The SQNR in dB by which searches compare models: that of the vectors if the output holds vectors.</summary>
    public double ComparableDb => Cosine?.SqnrDb ?? SqnrDb;
}
