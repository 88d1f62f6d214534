using System.Numerics;
using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime;

/// <summary>
/// Converts outputs of models to images: the image of a super-resolution or style model, a depth map, or the classes of a segmentation. A tensor contains one
/// image with the shape [C, H, W], [1, C, H, W] or [H, W]; with <see cref="ImageLayout.Nhwc"/>, [H, W, C], [1, H, W, C] or [H, W].
/// </summary>
/// <remarks>
/// The methods with an <see cref="ImagePlacement"/> return an image of the original's size: the padding of the prepared image is left out, and an
/// area that a crop removed gets the values at the edge of the crop. The output may have another size than the prepared image, such as a quarter of it.
/// </remarks>
public sealed class ImageWriter
{
    private const int MaxClasses = 256;

    private static readonly ImageDescription _color = ImageDescriptionParser.Parse("rgb");
    private static readonly ImageDescription _gray = ImageDescriptionParser.Parse("gray");

    /// <summary>Gets the order of a tensor's dimensions; <see cref="ImageLayout.Nchw"/> by default.</summary>
    public ImageLayout Layout { get; init; }

    /// <summary>Gets whether the first of three channels is blue. The images then have the format <see cref="PixelFormat.Bgr"/>.</summary>
    public bool IsBgr { get; init; }

    /// <summary>Gets the value of a float tensor that becomes 0; 0 by default. Smaller values become 0 too.</summary>
    public float Black { get; init; }

    /// <summary>Gets the value of a float tensor that becomes 255; 1 by default. Larger values become 255 too.</summary>
    /// <remarks>For a depth map, <see cref="Black"/> and this value are the smallest and the largest value of the tensor.</remarks>
    public float White { get; init; } = 1;

    /// <summary>Converts a tensor to an image of its own size.</summary>
    /// <param name="tensor">The elements. The values from <see cref="Black"/> to <see cref="White"/> become 0 to 255.</param>
    /// <param name="shape">The shape of the tensor, with one or three channels.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Bgr"/>.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with one or three channels, or black and white are equal.</exception>
    public ImageView Write(ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape) => Write(tensor, OutputShape.Read(shape, tensor.Length, Layout), null);

    /// <summary>Converts a tensor to an image of the original's size.</summary>
    /// <param name="tensor">The elements. The values from <see cref="Black"/> to <see cref="White"/> become 0 to 255.</param>
    /// <param name="shape">The shape of the tensor, with one or three channels.</param>
    /// <param name="placement">The position of the original in the prepared image; see <see cref="ImagePreparation.Place"/>.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Bgr"/>.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with one or three channels, or black and white are equal.</exception>
    public ImageView Write(ReadOnlySpan<float> tensor, ReadOnlySpan<long> shape, in ImagePlacement placement) =>
        Write(tensor, OutputShape.Read(shape, tensor.Length, Layout), placement);

    /// <summary>Converts a tensor of bytes to an image of its own size. <see cref="Black"/> and <see cref="White"/> have no effect.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="shape">The shape of the tensor, with one or three channels.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Bgr"/>.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with one or three channels.</exception>
    public ImageView Write(ReadOnlySpan<byte> tensor, ReadOnlySpan<long> shape) => OfBytes(tensor, shape, null);

    /// <summary>Converts a tensor of bytes to an image of the original's size. <see cref="Black"/> and <see cref="White"/> have no effect.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="shape">The shape of the tensor, with one or three channels.</param>
    /// <param name="placement">The position of the original in the prepared image; see <see cref="ImagePreparation.Place"/>.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>, <see cref="PixelFormat.Rgb"/> or <see cref="PixelFormat.Bgr"/>.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with one or three channels.</exception>
    public ImageView Write(ReadOnlySpan<byte> tensor, ReadOnlySpan<long> shape, in ImagePlacement placement) => OfBytes(tensor, shape, placement);

    /// <summary>
    /// Converts the scores of a segmentation to an image of the original's size, whose pixels are the indices of the classes with the highest scores.
    /// The scores are resized first, so that the edges of areas are smooth.
    /// </summary>
    /// <param name="scores">The scores, one channel for each class.</param>
    /// <param name="shape">The shape of the tensor, with up to 256 channels.</param>
    /// <param name="placement">The position of the original in the prepared image; see <see cref="ImagePreparation.Place"/>.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>. If several classes have the same score, the first of them is taken.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with up to 256 channels.</exception>
    public ImageView WriteClassScores(ReadOnlySpan<float> scores, ReadOnlySpan<long> shape, in ImagePlacement placement)
    {
        var output = OutputShape.Read(shape, scores.Length, Layout);
        if (output.Channels > MaxClasses)
            throw new ArgumentException($"The tensor has {output.Channels} classes, and a pixel of one byte has room for {MaxClasses}.", nameof(shape));
        var (horizontal, vertical) = OutputAxes.Back(output.Size, placement);
        return Gray(Array.ConvertAll(ClassMaps.FromScores(scores, output, horizontal, vertical), index => (byte)index), placement.Original);
    }

    /// <summary>Resizes a map of class indices to the original's size. Each pixel takes the class of the nearest pixel of the map.</summary>
    /// <typeparam name="T">The element type, an integer.</typeparam>
    /// <param name="indices">The indices of the classes, from 0 to 255.</param>
    /// <param name="shape">The shape of the tensor, with one channel.</param>
    /// <param name="placement">The position of the original in the prepared image; see <see cref="ImagePreparation.Place"/>.</param>
    /// <returns>The image, in the format <see cref="PixelFormat.Gray"/>.</returns>
    /// <exception cref="ArgumentException">The tensor is not an image with one channel, or an index is not from 0 to 255.</exception>
    public ImageView WriteClassMap<T>(ReadOnlySpan<T> indices, ReadOnlySpan<long> shape, in ImagePlacement placement)
        where T : unmanaged, IBinaryInteger<T>
    {
        var output = OutputShape.Read(shape, indices.Length, Layout);
        if (output.Channels != 1)
            throw new ArgumentException($"A map of classes has one channel, and the tensor has {output.Channels}.", nameof(shape));
        var (horizontal, vertical) = OutputAxes.Back(output.Size, placement);
        return Gray(Array.ConvertAll(ClassMaps.FromIndices(indices, output.Size, horizontal, vertical), Class), placement.Original);
    }

    private ImageView OfBytes(ReadOnlySpan<byte> tensor, ReadOnlySpan<long> shape, ImagePlacement? placement)
    {
        var values = new float[tensor.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = tensor[i] / 255f;
        var writer = new ImageWriter { Layout = Layout, IsBgr = IsBgr };
        return writer.Write(values, OutputShape.Read(shape, tensor.Length, Layout), placement);
    }

    private ImageView Write(ReadOnlySpan<float> tensor, OutputShape shape, ImagePlacement? placement)
    {
        var axes = placement is { } place ? OutputAxes.Back(shape.Size, place) : OutputAxes.Whole(shape.Size);
        return Write(tensor, shape, axes);
    }

    /// <summary>Converts the columns and rows of a tensor that the axes name to an image.</summary>
    internal ImageView Write(ReadOnlySpan<float> tensor, OutputShape shape, OutputAxes axes)
    {
        if (shape.Channels is not (1 or 3))
            throw new ArgumentException($"An image has one or three channels, and the tensor has {shape.Channels}.", nameof(shape));
        if (Black == White || !float.IsFinite(White - Black))
            throw new ArgumentException($"Black and white are different finite values, not {Black} and {White}.", nameof(tensor));
        var (horizontal, vertical) = axes;
        var size = new ImageSize(horizontal.Size, vertical.Size);
        var isGray = shape.Channels == 1;
        var pixels = new byte[checked(size.Width * size.Height * shape.Channels)];
        var source = new ImageView(Pixels(tensor, shape), shape.Size.Width, shape.Size.Height, isGray ? PixelFormat.GrayFloat : PixelFormat.RgbFloat);
        var plan = ImagePlan.ForOutput(shape.Size, size, horizontal, vertical);
        new ImageResampler(plan, isGray ? _gray : _color, ImageLayout.Nhwc).Run<byte>(source, pixels);
        return isGray ? Gray(pixels, size) : new ImageView(pixels, size.Width, size.Height, IsBgr ? PixelFormat.Bgr : PixelFormat.Rgb);
    }

    private float[] Pixels(ReadOnlySpan<float> tensor, OutputShape shape)
    {
        var pixels = new float[tensor.Length];
        var factor = 1 / (White - Black);
        for (var channel = 0; channel < shape.Channels; channel++)
        for (var i = 0; i < tensor.Length / shape.Channels; i++)
            pixels[(i * shape.Channels) + channel] = (tensor[(i * shape.PixelStep) + (channel * shape.ChannelStep)] - Black) * factor;
        return pixels;
    }

    private static byte Class<T>(T index)
        where T : unmanaged, IBinaryInteger<T> =>
        T.IsNegative(index) || index > T.CreateSaturating(byte.MaxValue)
            ? throw new ArgumentException($"The class {index} is not from 0 to 255.")
            : byte.CreateTruncating(index);

    private static ImageView Gray(byte[] pixels, ImageSize size) => new(pixels, size.Width, size.Height, PixelFormat.Gray);
}
