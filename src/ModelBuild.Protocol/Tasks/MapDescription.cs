namespace ModelBuild.Protocol;

/// <summary>Describes how an output of a model becomes a map of an image. <see cref="MapDescriptionParser"/> reads it from one line of text.</summary>
internal sealed record MapDescription
{
    /// <summary>Gets the kind of the numbers of the map.</summary>
    public MapKind Kind { get; init; }

    /// <summary>Gets the name of the output that is a map; null if rules find it.</summary>
    public string? Output { get; init; }

    /// <summary>Gets whether the channels are the last dimension; null if the shape and the input determine it.</summary>
    public bool? IsChannelsLast { get; init; }

    /// <summary>Gets whether the values, or the scores of a foreground, are logits, whose sigmoid is computed.</summary>
    public bool IsSigmoid { get; init; }

    /// <summary>Gets the value above which a pixel belongs to the foreground; null if the description has none.</summary>
    public float? Threshold { get; init; }

    /// <summary>Gets the value that becomes black in an image of values; null for the smallest value of each map.</summary>
    public float? Black { get; init; }

    /// <summary>Gets the value that becomes white in an image of values; null for the largest value of each map.</summary>
    public float? White { get; init; }

    /// <summary>Gets whether black and white are exchanged in an image of values.</summary>
    public bool IsInverted { get; init; }

    /// <summary>Gets the order of the channels of an image.</summary>
    public ChannelOrder Order { get; init; }

    /// <summary>Gets whether the only channel of an image is its brightness, and the colours are those of the original.</summary>
    public bool IsLuma { get; init; }

    /// <summary>Gets the factor and the offset of each channel, from which pixels of 0…255 follow: value × factor + offset.</summary>
    public IReadOnlyList<ChannelValues> Values { get; init; } = [];

    /// <summary>Gets whether an image gets the size of the original, and not that of the output.</summary>
    public bool IsOriginalSize { get; init; }

    /// <summary>Gets the name of the channels of an image.</summary>
    public string OrderName => IsLuma ? "luma" : Order.ToString().ToLowerInvariant();
}
