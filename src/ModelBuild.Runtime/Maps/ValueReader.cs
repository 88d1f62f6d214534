using ModelBuild.Runtime.Pictures;

namespace ModelBuild.Runtime.Maps;

/// <summary>Computes the map of values from an output of a model.</summary>
/// <param name="description">The description.</param>
internal sealed class ValueReader(MapDescription description)
{
    /// <summary>Returns the map of values in the size of the original image.</summary>
    /// <param name="tensor">The elements, one channel.</param>
    /// <param name="placement">The position of the original in the prepared image.</param>
    public ValueMap Read(MapTensor tensor, in ImagePlacement placement)
    {
        var (horizontal, vertical) = OutputAxes.Back(tensor.Shape.Size, placement);
        var planes = new PlaneRows(
            tensor.Values.Span,
            tensor.Shape,
            ResampleTable.Create(horizontal, 0, horizontal.Size, ImageFilter.Bilinear, antialias: true),
            ResampleTable.Create(vertical, 0, vertical.Size, ImageFilter.Bilinear, antialias: true)
        );
        var (width, height) = placement.Original;
        var values = new float[checked(width * height)];
        for (var y = 0; y < height; y++)
            planes.Read(0, y, values.AsSpan(y * width, width));
        if (description.IsSigmoid)
            for (var i = 0; i < values.Length; i++)
                values[i] = 1 / (1 + MathF.Exp(-values[i]));
        CoveredPixels.Of(placement).FillOutside(values, width, float.NaN);
        return new ValueMap(values, width, height)
        {
            Black = description.Black,
            White = description.White,
            IsInverted = description.IsInverted,
        };
    }
}
