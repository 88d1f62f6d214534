namespace ModelBuild.RealData.Images;

/// <summary>The format of an image as a model's input: each value is <c>(pixel − mean) / divisor</c> for pixels of 0…255.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Width">The number of pixels in a row.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Order">The channels.</param>
/// <param name="Means">The mean of each channel, in the order of <paramref name="Order"/>.</param>
/// <param name="Divisors">The divisor of each channel.</param>
public sealed record ImageInput(string Name, int Width, int Height, ChannelOrder Order, IReadOnlyList<float> Means, IReadOnlyList<float> Divisors)
{
    /// <summary>Whether the channels are the last axis. Otherwise they are the axis before the rows.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The number of channels.</summary>
    public int Channels => Order == ChannelOrder.Luma ? 1 : 3;

    /// <summary>Returns the shape of <paramref name="count"/> images.</summary>
    public long[] Shape(int count) => ChannelsLast ? [count, Height, Width, Channels] : [count, Channels, Height, Width];

    /// <summary>Returns the values of one image.</summary>
    /// <param name="image">An image of this width and height.</param>
    public float[] Values(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var values = new float[Channels * Height * Width];
        for (var pixel = 0; pixel < Height * Width; pixel++)
        for (var channel = 0; channel < Channels; channel++)
            values[ChannelsLast ? pixel * Channels + channel : channel * Height * Width + pixel] =
                (Pixel(image, pixel, channel) - Means[channel]) / Divisors[channel];
        return values;
    }

    private float Pixel(Image image, int pixel, int channel) =>
        Order switch
        {
            ChannelOrder.Rgb => image.Rgb[3 * pixel + channel],
            ChannelOrder.Bgr => image.Rgb[3 * pixel + 2 - channel],
            _ => 0.299f * image.Rgb[3 * pixel] + 0.587f * image.Rgb[3 * pixel + 1] + 0.114f * image.Rgb[3 * pixel + 2],
        };
}
