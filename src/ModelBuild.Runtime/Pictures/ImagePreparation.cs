using System.Runtime.InteropServices;
using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime;

/// <summary>
/// Prepares images as the input of a model: resizes, crops or pads them, converts their pixels to the model's range, and writes them into a tensor in its
/// layout and element type. One line of text describes the steps.
/// </summary>
/// <remarks>
/// <para>A description has these parts in this order, each of them optional:</para>
/// <list type="bullet">
/// <item><description><c>rgb</c>, <c>bgr</c> or <c>gray</c>: the channels of the model; <c>rgb</c> by default.</description></item>
/// <item><description><c>resize(n)</c>: the shorter side becomes n and the ratio stays. <c>resize(w,h)</c>: the image is stretched.</description></item>
/// <item><description><c>fit(w,h)</c>, <c>fit(n)</c>: the whole image with its ratio, at the top left; <c>letterbox(w,h)</c>, <c>letterbox(n)</c>: the same
/// in the middle. The rest is filled with the pixel value <c>pad=</c>, which is 0 for <c>fit</c> and 114 for <c>letterbox</c>.</description></item>
/// <item><description><c>crop(n)</c>, <c>crop(w,h)</c>: the middle of the image after <c>resize</c>. A smaller image gets black edges.</description></item>
/// <item><description><c>scale(x)</c> multiplies, <c>mean(x)</c> subtracts and <c>std(x)</c> divides, in the order in which they are written. Numbers may be
/// fractions such as <c>1/255</c>; <c>mean</c> and <c>std</c> have one number, or one for each channel of the model. Without them the values are
/// 0…255.</description></item>
/// </list>
/// <para>
/// <c>resize</c>, <c>fit</c> and <c>letterbox</c> may also name a filter: <c>bilinear</c> (the default) and <c>bicubic</c> average the pixels of a larger
/// image, as PIL and torchvision do; with <c>antialias=false</c> they interpolate between neighbours, as OpenCV does. <c>nearest</c> takes the pixel of
/// OpenCV, and <c>nearest-exact</c> that of PIL. Images of bytes are rounded to bytes after they are resized, as these libraries do; images of floats are
/// not. Examples: <c>bgr resize(256) crop(224) mean(103.939,116.779,123.68)</c>, <c>rgb letterbox(640, antialias=false) scale(1/255)</c>.
/// </para>
/// <para>
/// If the description has no geometry, the image is stretched to the size that the model declares. If the model declares only one side, the ratio stays, and if
/// it declares none, the image keeps its size.
/// </para>
/// <para>Any number of threads can use one instance. A call allocates nothing if the image before had the same size.</para>
/// </remarks>
public sealed class ImagePreparation
{
    private readonly ImageDescription _description;
    private readonly ImageSize _input;
    private readonly bool _copies;
    private volatile ImagePlan? _plan;

    /// <summary>Initializes a new instance of the <see cref="ImagePreparation"/> class for one input of a model.</summary>
    /// <param name="description">The description, such as <c>rgb letterbox(640) scale(1/255)</c>.</param>
    /// <param name="layout">The order of the input's dimensions.</param>
    /// <param name="channels">The number of channels that the model declares; 0 for a dynamic dimension.</param>
    /// <param name="height">The height that the model declares; 0 for a dynamic dimension.</param>
    /// <param name="width">The width that the model declares; 0 for a dynamic dimension.</param>
    /// <exception cref="ArgumentException">The description has a mistake, or it contradicts the dimensions of the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the layout is unknown.</exception>
    public ImagePreparation(string description, ImageLayout layout, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegative(channels);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "The layout is unknown.");
        try
        {
            _description = ImageDescriptionParser.Parse(description);
        }
        catch (DescriptionException mistake)
        {
            throw new ArgumentException(mistake.Message, nameof(description), mistake);
        }

        _input = new ImageSize(width, height);
        Layout = layout;
        _copies = PixelCopy.IsPossible(_description, layout);
        if (ImageContradictions.Find(_description, channels, width, height) is { } contradiction)
            throw new ArgumentException($"The description '{description}' contradicts the model: {contradiction}", nameof(description));
    }

    /// <summary>Gets the order of the input's dimensions.</summary>
    public ImageLayout Layout { get; }

    /// <summary>Gets the number of channels of the input: 3, or 1 for a gray input.</summary>
    public int Channels => _description.Channels;

    /// <summary>Gets the size of the prepared image, which is the height and the width of the tensor.</summary>
    /// <param name="width">The width of the image in pixels.</param>
    /// <param name="height">The height of the image in pixels.</param>
    /// <returns>The size of the prepared image. The tensor has <see cref="Channels"/> × height × width elements.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The tensor would have more elements than an array can have.</exception>
    public ImageSize Size(int width, int height) => Frame(width, height).Prepared;

    /// <summary>Gets the placement of an image's pixels in the prepared image, so that boxes and maps can be mapped back to the image.</summary>
    /// <param name="width">The width of the image in pixels.</param>
    /// <param name="height">The height of the image in pixels.</param>
    /// <returns>The placement.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The tensor would have more elements than an array can have.</exception>
    public ImagePlacement Place(int width, int height)
    {
        var frame = Frame(width, height);
        return new ImagePlacement(new ImageSize(width, height), frame.Prepared, frame.Resized, frame.Left, frame.Top);
    }

    /// <summary>Writes a prepared image into a tensor of 32-bit floats.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <exception cref="ArgumentException">The image is empty, or <paramref name="destination"/> does not have the length of the tensor.</exception>
    public void Write(in ImageView image, Span<float> destination) => WriteOne(image, destination);

    /// <summary>Writes a prepared image into a tensor of 16-bit floats.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <exception cref="ArgumentException">The image is empty, or <paramref name="destination"/> does not have the length of the tensor.</exception>
    public void Write(in ImageView image, Span<Half> destination) => WriteOne(image, destination);

    /// <summary>Writes a prepared image into a tensor of bytes. Values are rounded, and those outside of 0…255 become 0 or 255.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as <see cref="Size"/> says.</param>
    /// <exception cref="ArgumentException">The image is empty, or <paramref name="destination"/> does not have the length of the tensor.</exception>
    public void Write(in ImageView image, Span<byte> destination) => WriteOne(image, destination);

    /// <summary>Writes prepared images into a tensor of 32-bit floats, one after another.</summary>
    /// <param name="images">The images, at least one. Their prepared sizes are equal.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as all images have.</param>
    /// <exception cref="ArgumentException">
    /// There is no image, an image is empty, the prepared sizes differ, or <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    public void Write(ReadOnlySpan<ImageView> images, Span<float> destination) => WriteAll(images, destination);

    /// <summary>Writes prepared images into a tensor of 16-bit floats, one after another.</summary>
    /// <param name="images">The images, at least one. Their prepared sizes are equal.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as all images have.</param>
    /// <exception cref="ArgumentException">
    /// There is no image, an image is empty, the prepared sizes differ, or <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    public void Write(ReadOnlySpan<ImageView> images, Span<Half> destination) => WriteAll(images, destination);

    /// <summary>Writes prepared images into a tensor of bytes, one after another. Values are rounded, and those outside of 0…255 become 0 or 255.</summary>
    /// <param name="images">The images, at least one. Their prepared sizes are equal.</param>
    /// <param name="destination">The elements of the tensor, exactly as many as all images have.</param>
    /// <exception cref="ArgumentException">
    /// There is no image, an image is empty, the prepared sizes differ, or <paramref name="destination"/> does not have the length of the tensor.
    /// </exception>
    public void Write(ReadOnlySpan<ImageView> images, Span<byte> destination) => WriteAll(images, destination);

    private void WriteAll<T>(ReadOnlySpan<ImageView> images, Span<T> destination)
        where T : unmanaged
    {
        if (images.IsEmpty)
            throw new ArgumentException("There is no image.", nameof(images));
        var first = SizeOf(images[0]);
        foreach (ref readonly var image in images[1..])
            if (SizeOf(image) is var size && size != first)
                throw new ArgumentException(
                    $"The images of a batch have one size after their preparation. Here one has {first} pixels and another one {size}.",
                    nameof(images)
                );
        var length = first.Width * first.Height * Channels;
        RequireLength((long)length * images.Length, destination.Length, first);
        for (var i = 0; i < images.Length; i++)
            WriteOne(images[i], destination.Slice(i * length, length));
    }

    private void WriteOne<T>(in ImageView image, Span<T> destination)
        where T : unmanaged
    {
        var size = SizeOf(image);
        RequireLength((long)size.Width * size.Height * Channels, destination.Length, size);
        if (typeof(T) == typeof(byte) && _copies && !image.IsFloat && size.Width == image.Width && size.Height == image.Height)
        {
            PixelCopy.Copy(image, _description.Order, MemoryMarshal.AsBytes(destination));
            return;
        }

        new ImageResampler(Plan(image.Width, image.Height), _description, Layout).Run(image, destination);
    }

    private void RequireLength(long needed, int length, ImageSize size)
    {
        if (length != needed)
            throw new ArgumentException(
                $"The tensor has {needed} elements for images of {size} pixels with {Channels} channels; the destination has {length}."
            );
    }

    private ImageSize SizeOf(in ImageView image) =>
        image.Width > 0 ? Size(image.Width, image.Height) : throw new ArgumentException("The image is empty: it has no pixels.", nameof(image));

    private ImagePlan Plan(int width, int height)
    {
        var original = new ImageSize(width, height);
        if (_plan is { } plan && plan.Original == original)
            return plan;
        return _plan = ImagePlan.ForInput(_description, original, Frame(width, height));
    }

    private ImageFrame Frame(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var frame = ImageFrame.Create(_description, _input, new ImageSize(width, height));
        if ((Int128)frame.Prepared.Width * frame.Prepared.Height * Channels > Array.MaxLength)
            throw new ArgumentException($"An image of {width}x{height} pixels becomes {frame.Prepared}, which is too large for a tensor.");
        return frame;
    }
}
