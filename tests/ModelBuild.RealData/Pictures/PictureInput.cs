namespace ModelBuild.RealData.Pictures;

/// <summary>How a model takes a picture: each value is <c>(pixel − mean) / divisor</c> for pixels of 0…255.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Order">The channels.</param>
/// <param name="Means">The mean of each channel, in the order of <paramref name="Order"/>.</param>
/// <param name="Divisors">The divisor of each channel.</param>
public sealed record PictureInput(string Name, int Width, int Height, ChannelOrder Order, IReadOnlyList<float> Means, IReadOnlyList<float> Divisors)
{
    /// <summary>Whether the channels are the last axis rather than the one before the rows.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The number of channels.</summary>
    public int Channels => Order == ChannelOrder.Luma ? 1 : 3;

    /// <summary>The shape of <paramref name="count"/> pictures.</summary>
    public long[] Shape(int count) => ChannelsLast ? [count, Height, Width, Channels] : [count, Channels, Height, Width];

    /// <summary>The values of one picture.</summary>
    /// <param name="picture">A picture of this width and height.</param>
    public float[] Values(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var values = new float[Channels * Height * Width];
        for (var pixel = 0; pixel < Height * Width; pixel++)
        for (var channel = 0; channel < Channels; channel++)
            values[ChannelsLast ? pixel * Channels + channel : channel * Height * Width + pixel] =
                (Pixel(picture, pixel, channel) - Means[channel]) / Divisors[channel];
        return values;
    }

    private float Pixel(Picture picture, int pixel, int channel) =>
        Order switch
        {
            ChannelOrder.Rgb => picture.Rgb[3 * pixel + channel],
            ChannelOrder.Bgr => picture.Rgb[3 * pixel + 2 - channel],
            _ => 0.299f * picture.Rgb[3 * pixel] + 0.587f * picture.Rgb[3 * pixel + 1] + 0.114f * picture.Rgb[3 * pixel + 2],
        };
}
