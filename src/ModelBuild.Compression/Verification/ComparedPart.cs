namespace ModelBuild.Compression.Verification;

/// <summary>Something that is compared: an output, a part of one, or a value that feeds a selection.</summary>
/// <param name="Output">The name of the output, or of the value that feeds a selection.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record ComparedPart(string Output, FidelityKind Kind)
{
    /// <summary>The name of the part; null for a whole output.</summary>
    public string? Part { get; init; }

    /// <summary>Where the part lies in the output; empty for a whole output.</summary>
    public IReadOnlyList<PartRange> Ranges { get; init; } = [];

    /// <summary>
    /// The axis of classes; null where there is none. The second axis of a matrix is taken where nothing is known, since labels may say that it holds
    /// scores.
    /// </summary>
    public int? ClassAxis { get; init; }

    /// <summary>Whether the elements are probabilities.</summary>
    public bool IsProbability { get; init; }

    /// <summary>Whether the classes of a row are independent of each other, so that a row may hold none.</summary>
    public bool HasBackground { get; init; }

    /// <summary>The operator that selects by this value; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>Where the rows lie that a selection picked; null where elements are compared by their position.</summary>
    public RowLayout? Rows { get; init; }

    /// <summary>The input that says which positions of the first two axes count; null where all do.</summary>
    public string? Mask { get; init; }

    /// <summary>Whether nothing but the name says what it holds.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether the kind is the user's choice, which labels do not change.</summary>
    public bool IsGiven { get; init; }
}
