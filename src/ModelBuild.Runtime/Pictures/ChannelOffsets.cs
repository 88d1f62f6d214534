namespace ModelBuild.Runtime.Pictures;

/// <summary>Represents the positions of the channels of a model's input inside a pixel, in elements.</summary>
/// <param name="First">The offset of the first channel.</param>
/// <param name="Second">The offset of the second channel.</param>
/// <param name="Third">The offset of the third channel.</param>
internal readonly record struct ChannelOffsets(int First, int Second, int Third)
{
    /// <summary>
    /// Returns the offsets for a pixel format. A gray pixel is the value of all channels; for a gray input the channels are red, green and blue.
    /// </summary>
    public static ChannelOffsets Of(PixelFormat format, ChannelOrder order)
    {
        if (format is PixelFormat.Gray or PixelFormat.GrayFloat)
            return new ChannelOffsets(0, 0, 0);
        var isBlueFirst = format is PixelFormat.Bgr or PixelFormat.Bgra;
        return isBlueFirst == (order == ChannelOrder.Bgr) ? new ChannelOffsets(0, 1, 2) : new ChannelOffsets(2, 1, 0);
    }
}
