namespace ModelBuild.Protocol;

/// <summary>Represents the dimensions of an image input without the first one, which counts images. A size is 0 if it is dynamic.</summary>
/// <param name="IsChannelsFirst">Whether the order is channels, height and width; otherwise it is height, width and channels.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
internal sealed record ImageDimensions(bool IsChannelsFirst, int Channels, int Height, int Width)
{
    /// <summary>The number of dimensions of an image input.</summary>
    public const int Rank = 4;

    /// <summary>Finds the order of the dimensions by the channels of a description.</summary>
    /// <param name="description">The description.</param>
    /// <param name="sizes">The four sizes that the model declares; null for a dynamic dimension.</param>
    public static ImageDimensions Of(ImageDescription description, IReadOnlyList<long?> sizes)
    {
        var isFirst = sizes[1] == description.Channels || sizes[Rank - 1] != description.Channels;
        return isFirst
            ? new ImageDimensions(true, Size(sizes[1]), Size(sizes[2]), Size(sizes[3]))
            : new ImageDimensions(false, Size(sizes[3]), Size(sizes[1]), Size(sizes[2]));
    }

    private static int Size(long? size) => (int)(size ?? 0);
}
