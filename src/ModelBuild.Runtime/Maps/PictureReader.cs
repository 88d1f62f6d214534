using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime.Maps;

/// <summary>Converts an output of a model to an image.</summary>
/// <param name="description">The description.</param>
internal sealed class PictureReader(MapDescription description)
{
    /// <summary>Returns the image that the output contains.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="original">The original, whose colours an output of one channel of brightness gets.</param>
    /// <param name="placement">The position of the original in the prepared image.</param>
    public ImageView Read(MapTensor tensor, in ImageView original, in ImagePlacement placement)
    {
        var size = tensor.Shape.Size;
        var axes = description.IsOriginalSize ? OutputAxes.Back(size, placement) : OutputAxes.Inside(size, placement);
        var writer = new ImageWriter { White = byte.MaxValue, IsBgr = description.Order == ChannelOrder.Bgr };
        var image = writer.Write(Pixels(tensor), tensor.Shape, axes);
        if (!description.IsLuma)
            return image;
        var source = description.IsOriginalSize ? OutputAxes.Whole(placement.Original) : OutputAxes.OfOriginal(axes, size, placement);
        return LumaColors.Apply(image, original, source);
    }

    private float[] Pixels(MapTensor tensor)
    {
        var shape = tensor.Shape;
        var source = tensor.Values.Span;
        var pixels = new float[source.Length];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var (factor, offset) = ((float)description.Values[channel].Factor, (float)description.Values[channel].Offset);
            for (var i = 0; i < pixels.Length / shape.Channels; i++)
            {
                var place = (i * shape.PixelStep) + (channel * shape.ChannelStep);
                pixels[place] = (source[place] * factor) + offset;
            }
        }

        return pixels;
    }
}
