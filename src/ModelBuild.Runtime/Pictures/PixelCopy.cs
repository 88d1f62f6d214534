namespace ModelBuild.Runtime.Pictures;

/// <summary>Copies the pixels of an image that keeps its size and its values, for models that prepare images themselves.</summary>
internal static class PixelCopy
{
    /// <summary>Returns whether a description changes neither the size of images that already have the prepared size nor the values of pixels.</summary>
    /// <param name="description">The description.</param>
    /// <param name="layout">The layout of the tensor.</param>
    public static bool IsPossible(ImageDescription description, ImageLayout layout) =>
        layout == ImageLayout.Nhwc
        && description is { Resize: null, Crop: null, Order: not ChannelOrder.Gray }
        && description.Values.All(values => values is { Factor: 1, Offset: 0 });

    /// <summary>Copies pixels of bytes to a tensor.</summary>
    /// <param name="image">The image, whose pixels are bytes.</param>
    /// <param name="order">The channels of the model.</param>
    /// <param name="tensor">The elements of the tensor, three for each pixel.</param>
    public static void Copy(in ImageView image, ChannelOrder order, Span<byte> tensor)
    {
        var (bytes, length) = (ImageView.BytesPerPixel(image.Format), image.Width * 3);
        var (first, second, third) = ChannelOffsets.Of(image.Format, order);
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            var target = tensor.Slice(y * length, length);
            if (bytes == 3 && first == 0)
            {
                row.CopyTo(target);
                continue;
            }

            for (var i = 0; i < target.Length; i += 3, row = row[bytes..])
            {
                target[i] = row[first];
                target[i + 1] = row[second];
                target[i + 2] = row[third];
            }
        }
    }
}
