using System.Runtime.InteropServices;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>Contains the methods that write images as the input of a call.</summary>
public sealed partial class ModelCall
{
    /// <summary>Prepares an image and writes it as an input of the call with four dimensions.</summary>
    /// <typeparam name="T">The element type of the input: <see cref="float"/>, <see cref="Half"/> or <see cref="byte"/>.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="preparation">The preparation.</param>
    /// <param name="image">The image.</param>
    /// <exception cref="ArgumentException">The image is empty, or the prepared image does not fit the input.</exception>
    public void WriteImages<T>(int input, ImagePreparation preparation, ImageView image)
        where T : unmanaged => WriteImages<T>(input, preparation, new ReadOnlySpan<ImageView>(in image));

    /// <summary>Prepares images and writes them as an input of the call with four dimensions.</summary>
    /// <typeparam name="T">The element type of the input: <see cref="float"/>, <see cref="Half"/> or <see cref="byte"/>.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="preparation">The preparation.</param>
    /// <param name="images">The images, at least one. Their prepared sizes are equal.</param>
    /// <exception cref="ArgumentException">
    /// There is no image, an image is empty, the prepared sizes differ, or the prepared images do not fit the input.
    /// </exception>
    public void WriteImages<T>(int input, ImagePreparation preparation, ReadOnlySpan<ImageView> images)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(preparation);
        try
        {
            var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
            SetImageShape(input, buffer, preparation, images);
            if (typeof(T) == typeof(float))
                preparation.Write(images, MemoryMarshal.Cast<T, float>(buffer.Span));
            else if (typeof(T) == typeof(Half))
                preparation.Write(images, MemoryMarshal.Cast<T, Half>(buffer.Span));
            else
                preparation.Write(images, MemoryMarshal.Cast<T, byte>(buffer.Span));
        }
        catch (ArgumentException exception)
        {
            throw Failed(exception);
        }
    }

    private void SetImageShape<T>(int input, TensorBuffer<T> buffer, ImagePreparation preparation, ReadOnlySpan<ImageView> images)
    {
        if (images.IsEmpty)
            throw new ArgumentException("There is no image.", nameof(images));
        if (images[0].Width == 0)
            throw new ArgumentException("The image is empty: it has no pixels.", nameof(images));
        var size = preparation.Size(images[0].Width, images[0].Height);
        ReadOnlySpan<long> shape =
            preparation.Layout is ImageLayout.Nchw
                ? [images.Length, preparation.Channels, size.Height, size.Width]
                : [images.Length, size.Height, size.Width, preparation.Channels];
        SetShape(input, buffer, shape);
    }
}
