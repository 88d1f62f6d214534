using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>
/// Computes the sizes and offsets of a prepared picture in the graph. Sizes are rounded as in the runtime's preparation, so they are equal for every picture.
/// </summary>
/// <param name="writer">Receives the nodes.</param>
internal sealed class SizeNodes(NodeWriter writer)
{
    /// <summary>Returns the height and width of a tensor of pictures as values of the graph.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="rows">The axis of the rows. The columns are the axis after it.</param>
    public PictureSides Of(string tensor, int rows)
    {
        var shape = writer.Add("Shape", [tensor]);
        return new PictureSides(
            writer.Add("Gather", [shape, writer.Integers(rows)], ("axis", 0)),
            writer.Add("Gather", [shape, writer.Integers(rows + 1)], ("axis", 0))
        );
    }

    /// <summary>Returns the size of the resized picture.</summary>
    public PictureSides Resized(ImageResize resize, PictureSides original)
    {
        var (height, width) = (writer.Integers(resize.Height), writer.Integers(resize.Width));
        switch (resize.Kind)
        {
            case ImageResizeKind.Stretch:
                return new PictureSides(height, width);
            case ImageResizeKind.ShorterSide:
                // Both sides are multiplied by the requested length and divided by the shorter side as integers, so the longer side is truncated.
                var shorter = writer.Add("Min", [original.Height, original.Width]);
                return new PictureSides(
                    writer.Add("Div", [writer.Add("Mul", [height, original.Height]), shorter]),
                    writer.Add("Div", [writer.Add("Mul", [width, original.Width]), shorter])
                );
            default:
                var scale = writer.Add("Min", [Ratio(width, original.Width), Ratio(height, original.Height)]);
                return new PictureSides(FitSide(original.Height, scale, resize.Height), FitSide(original.Width, scale, resize.Width));
        }
    }

    /// <summary>Returns the first row or column of a crop of a picture; 0 if the picture is smaller.</summary>
    public string CropStart(string side, int crop)
    {
        var excess = writer.Cast(writer.Add("Max", [writer.Add("Sub", [side, writer.Integers(crop)]), writer.Integers(0)]), DataType.Float);
        // The start of a centred crop is half of the excess. A value in the middle between two integers is rounded to the even integer.
        return writer.Cast(writer.Add("Round", [writer.Add("Mul", [excess, writer.Constant([1], 0.5f)])]), DataType.Int64);
    }

    /// <summary>Returns the rows or columns that are added before a smaller picture and after it.</summary>
    /// <param name="side">The side of the picture.</param>
    /// <param name="size">The side of the result.</param>
    /// <param name="isCentered">Whether the picture is in the middle; otherwise it is at the start.</param>
    public (string Before, string After) Padding(string side, int size, bool isCentered)
    {
        var lack = writer.Add("Max", [writer.Add("Sub", [writer.Integers(size), side]), writer.Integers(0)]);
        if (!isCentered)
            return (writer.Integers(0), lack);
        var before = writer.Add("Div", [lack, writer.Integers(2)]);
        return (before, writer.Add("Sub", [lack, before]));
    }

    // Divides two sizes as float64, as ModelBuild.Runtime does, so that both round in the same way.
    private string Ratio(string size, string side) => writer.Add("Div", [writer.Cast(size, DataType.Double), writer.Cast(side, DataType.Double)]);

    private string FitSide(string side, string scale, int max)
    {
        var rounded = writer.Add("Round", [writer.Add("Mul", [writer.Cast(side, DataType.Double), scale])]);
        var limited = writer.Add("Min", [writer.Add("Max", [rounded, writer.Constant([1], 1.0)]), writer.Constant([1], (double)max)]);
        return writer.Cast(limited, DataType.Int64);
    }
}
