namespace ModelBuild.Protocol;

/// <summary>Describes how the outputs of a detector become objects in an image. <see cref="BoxDescriptionParser"/> reads it from one line of text.</summary>
internal sealed record BoxDescription
{
    /// <summary>Gets the layout in which the outputs store objects.</summary>
    public BoxHead Head { get; init; }

    /// <summary>Gets the meaning of the four numbers of a box.</summary>
    public BoxForm Form { get; init; }

    /// <summary>Gets whether the numbers of a box are fractions of the prepared image's sides. Otherwise they are pixels of that image.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Gets the conversion of the outputs to scores from 0 to 1.</summary>
    public BoxScores Scores { get; init; }

    /// <summary>Gets the class that means no object.</summary>
    public BoxBackground Background { get; init; }

    /// <summary>Gets the lowest score of an object.</summary>
    public float Threshold { get; init; } = 0.25f;

    /// <summary>Gets the overlap above which the box with the lower score is removed; null if no box is removed.</summary>
    public float? MaxOverlap { get; init; } = 0.45f;

    /// <summary>Gets whether boxes of different classes remove each other.</summary>
    public bool IsAcrossClasses { get; init; }

    /// <summary>Gets the largest number of objects in an image.</summary>
    public int Limit { get; init; } = 300;

    /// <summary>Gets the number of key points of an object.</summary>
    public int Points { get; init; }

    /// <summary>Gets the number of numbers of a key point: two, or three with a score.</summary>
    public int PointValues { get; init; } = 2;

    /// <summary>Gets the distances between neighbouring cells of each grid in pixels.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [];

    /// <summary>Gets the names of the outputs with boxes, whose rows follow each other; empty if rules find them.</summary>
    public IReadOnlyList<string> BoxOutputs { get; init; } = [];

    /// <summary>Gets the names of the outputs with scores; empty if rules find them.</summary>
    public IReadOnlyList<string> ScoreOutputs { get; init; } = [];

    /// <summary>Gets the name of the output with the class of each box; null if there is none.</summary>
    public string? ClassOutput { get; init; }

    /// <summary>Gets the name of the output with the selected indices; null if there is none.</summary>
    public string? SelectedOutput { get; init; }

    /// <summary>Gets the name of the output with the prototypes of masks; null if rules find it.</summary>
    public string? MaskOutput { get; init; }
}
