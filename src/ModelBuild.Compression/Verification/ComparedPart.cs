namespace ModelBuild.Compression.Verification;

/// <summary>A unit of comparison: an output, a part of an output, or a value that a selection reads.</summary>
/// <param name="Output">The name of the output or of the value that a selection reads.</param>
/// <param name="Kind">The kind of the content.</param>
internal sealed record ComparedPart(string Output, FidelityKind Kind)
{
    /// <summary>The name of the part; null for a complete output.</summary>
    public string? Part { get; init; }

    /// <summary>The position of the part in the output; empty for a complete output.</summary>
    public IReadOnlyList<PartRange> Ranges { get; init; } = [];

    /// <summary>
    /// The axis of classes; null when there is none. If nothing is known of a matrix, the second axis is used, because labels may show that the matrix holds
    /// scores.
    /// </summary>
    public int? ClassAxis { get; init; }

    /// <summary>Whether the elements of the output are probabilities.</summary>
    public bool IsProbability { get; init; }

    /// <summary>Whether the classes of a row are independent, so that a row may hold no class.</summary>
    public bool HasBackground { get; init; }

    /// <summary>The operator that selects rows by this value; null for outputs.</summary>
    public string? Feeds { get; init; }

    /// <summary>The layout of selected rows; null when elements are compared by their positions.</summary>
    public RowLayout? Rows { get; init; }

    /// <summary>The name of the mask input for the positions of the first two axes; null when all positions count.</summary>
    public string? Mask { get; init; }

    /// <summary>Whether the kind of the output follows only from its name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether the user set the kind, so that labels do not change it.</summary>
    public bool IsGiven { get; init; }
}
