using ModelBuild.Runtime.Pictures;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Maps;

/// <summary>Represents the elements of an output that belong to one image of a call.</summary>
/// <param name="Values">The elements.</param>
/// <param name="Shape">The channels and the size.</param>
internal readonly record struct MapTensor(ReadOnlyMemory<float> Values, OutputShape Shape)
{
    /// <summary>Reads the elements of one image.</summary>
    /// <param name="buffer">The output.</param>
    /// <param name="axes">The dimensions of the output.</param>
    /// <param name="image">The zero-based index of the image in the call.</param>
    /// <exception cref="InvalidOperationException">The output has no elements for this image.</exception>
    public static MapTensor Read(TensorBuffer buffer, MapAxes axes, int image)
    {
        var shape = buffer.Shape;
        var images = axes.Images < 0 ? 1 : (int)shape[axes.Images];
        if (image >= images || buffer.Length == 0)
            throw new InvalidOperationException(
                $"The output '{buffer.Contract.Name}' has the shape [{string.Join(", ", shape)}] and no part for image {image + 1} of the call."
                    + (image > 0 ? " Run the model with one image." : "")
            );
        var length = buffer.Length / images;
        return new MapTensor(
            FloatElements.Of(buffer, image * length, length),
            new OutputShape(
                axes.Channels < 0 ? 1 : (int)shape[axes.Channels],
                new ImageSize((int)shape[axes.Columns], (int)shape[axes.Rows]),
                axes.IsChannelsLast ? ImageLayout.Nhwc : ImageLayout.Nchw
            )
        );
    }
}
