namespace ModelBuild.Protocol;

/// <summary>
/// Represents the indices of the dimensions of an output that count the images of a call, the channels, the rows and the columns; -1 for a dimension that the
/// output does not have.
/// </summary>
/// <param name="Images">The dimension of the images.</param>
/// <param name="Channels">The dimension of the channels.</param>
/// <param name="Rows">The dimension of the rows.</param>
/// <param name="Columns">The dimension of the columns.</param>
internal sealed record MapAxes(int Images, int Channels, int Rows, int Columns)
{
    /// <summary>The smallest number of dimensions of a map.</summary>
    public const int MinRank = 2;

    /// <summary>The largest number of dimensions of a map.</summary>
    public const int MaxRank = 4;

    /// <summary>Gets the number of dimensions of the output.</summary>
    public int Rank => MinRank + (Images < 0 ? 0 : 1) + (Channels < 0 ? 0 : 1);

    /// <summary>Gets whether the channels are the last dimension.</summary>
    public bool IsChannelsLast => Channels > Rows;

    /// <summary>Finds the dimensions of an output that is a map.</summary>
    /// <param name="description">The description.</param>
    /// <param name="output">The output, with two to four dimensions.</param>
    /// <param name="labels">The number of labels; 0 if there are none.</param>
    /// <param name="isInputChannelsLast">
    /// Whether the channels of the image input are its last dimension, which decides if the sizes of the output are ambiguous.
    /// </param>
    public static MapAxes Find(MapDescription description, DescribedValue output, int labels, bool isInputChannelsLast)
    {
        var sizes = output.Sizes!;
        if (sizes.Count == MinRank)
            return new MapAxes(-1, -1, 0, 1);
        var (first, last) = (sizes[sizes.Count - 3], sizes[sizes.Count - 1]);
        if (sizes.Count == MinRank + 1 && !HasChannels(description, output.HasFractions, first, last, labels))
            return new MapAxes(0, -1, 1, 2);
        var (fitsFirst, fitsLast) = (Fits(description, first, labels), Fits(description, last, labels));
        var isLast = description.IsChannelsLast ?? (fitsFirst == fitsLast ? isInputChannelsLast : fitsLast);
        var images = sizes.Count == MaxRank ? 1 : 0;
        return isLast ? new MapAxes(images - 1, images + 2, images, images + 1) : new MapAxes(images - 1, images, images + 1, images + 2);
    }

    // Returns whether an output of three dimensions has a dimension of channels. If it has none, the first dimension counts the images.
    private static bool HasChannels(MapDescription description, bool isFloat, int first, int last, int labels) =>
        description.IsChannelsLast is not null
        || description.Kind switch
        {
            MapKind.Image => description.Order != ChannelOrder.Gray,
            MapKind.Classes => isFloat && (first > 1 || (labels > 1 && last == labels)),
            _ => false,
        };

    private static bool Fits(MapDescription description, int size, int labels) =>
        description.Kind switch
        {
            MapKind.Image => size == description.Values.Count,
            MapKind.Classes => size == 1 || (labels > 0 && size == labels),
            _ => size == 1,
        };
}
