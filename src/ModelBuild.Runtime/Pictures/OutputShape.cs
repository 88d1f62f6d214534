namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents the dimensions of an output that contains an image.</summary>
/// <param name="Channels">The number of channels.</param>
/// <param name="Size">The size of the image.</param>
/// <param name="Layout">The order of the dimensions.</param>
internal readonly record struct OutputShape(int Channels, ImageSize Size, ImageLayout Layout)
{
    /// <summary>Gets the distance between the elements of neighbouring pixels, in elements.</summary>
    public int PixelStep => Layout == ImageLayout.Nhwc ? Channels : 1;

    /// <summary>Gets the distance between the elements of neighbouring channels, in elements.</summary>
    public int ChannelStep => Layout == ImageLayout.Nhwc ? 1 : Size.Width * Size.Height;

    /// <summary>Reads the shape of a tensor that contains one image.</summary>
    /// <exception cref="ArgumentException">The shape is not that of one image, or the tensor has another number of elements.</exception>
    public static OutputShape Read(ReadOnlySpan<long> shape, int length, ImageLayout layout)
    {
        var image = shape is [1, _, _, _] ? shape[1..] : shape;
        var (channels, height, width) = image switch
        {
            [var rows, var columns] => (1, rows, columns),
            [var first, var second, var third] when layout == ImageLayout.Nchw => (first, second, third),
            [var first, var second, var third] => (third, first, second),
            _ => (0, 0, 0),
        };
        // Each dimension is less than 2^31, so the product of three does not overflow Int128.
        if (
            channels is < 1 or > int.MaxValue
            || height is < 1 or > int.MaxValue
            || width is < 1 or > int.MaxValue
            || (Int128)channels * height * width != length
        )
        {
            var name = layout == ImageLayout.Nchw ? "[C, H, W], [1, C, H, W]" : "[H, W, C], [1, H, W, C]";
            throw new ArgumentException(
                $"A tensor of {length} elements with the shape [{string.Join(", ", shape.ToArray())}] is not one image: {name} or [H, W]."
            );
        }

        return new OutputShape((int)channels, new ImageSize((int)width, (int)height), layout);
    }
}
