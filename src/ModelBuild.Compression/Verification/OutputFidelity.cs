namespace ModelBuild.Compression.Verification;

/// <summary>How near one output of the compressed model, or a part of it, is to the original's.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="IsFloat">Whether it holds measurements rather than indices, flags or texts.</param>
/// <param name="SqnrDb">10 · log₁₀(Σx² / Σ(x − y)²) over all samples, in dB; 200 when identical, −200 when not comparable.</param>
/// <param name="Top1Agreement">
/// Share (0…1) of rows whose highest score is the same class, of equal decisions, of equal decoded symbols, or of equal elements; null when the
/// output has none of these.
/// </param>
/// <param name="MaxAbsoluteError">The largest difference of two elements.</param>
/// <param name="Accuracy">Top-1 accuracy against the data's labels; null without labels.</param>
public sealed record OutputFidelity(string Output, bool IsFloat, double SqnrDb, double? Top1Agreement, double MaxAbsoluteError, Accuracy? Accuracy)
{
    /// <summary>What stands for an infinite ratio, in dB: identical outputs, beyond what float64 sums can tell apart.</summary>
    public const double IdenticalDb = 200;

    /// <summary>The name of the value that is this part of a joined output; null for a whole output.</summary>
    public string? Part { get; init; }

    /// <summary>The operator that selects by this value, where it is no output but what feeds a selection; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>What it holds.</summary>
    public FidelityKind Kind { get; init; }

    /// <summary>Whether its elements are probabilities.</summary>
    public bool IsProbability { get; init; }

    /// <summary>Whether nothing but the name says what it holds: a ratio that the user sets counts for it.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Why the comparison says nothing; null when it says something.</summary>
    public NotMeasured? WhyNotMeasured { get; init; }

    /// <summary>How near vectors are; null for other kinds.</summary>
    public CosineFigures? Cosine { get; init; }

    /// <summary>How many rows match; null where elements are compared by their position.</summary>
    public MatchFigures? Matches { get; init; }

    /// <summary>10 · log₁₀(range² / mean squared error) in dB, for pictures; null for other kinds.</summary>
    public double? PsnrDb { get; init; }

    /// <summary>How many rows of scores were compared; 0 where the output has none.</summary>
    public long Rows { get; init; }

    /// <summary>Whether the comparison says something.</summary>
    public bool IsMeasured => WhyNotMeasured is null;

    /// <summary>Whether elements were compared at all.</summary>
    public bool IsCompared => WhyNotMeasured is null or NotMeasured.Constant or NotMeasured.Saturated;

    /// <summary>The figure in dB by which searches compare models: that of the vectors where the output holds vectors.</summary>
    public double ComparableDb => Cosine?.SqnrDb ?? SqnrDb;
}
