using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>
/// Resizes a tensor of bytes with the dimensions images, channels, rows and columns in the graph, as the runtime's preparation does. Filters that average are
/// the operator <c>Resize</c> with antialiasing. The others gather their few pixels, so that positions are exact integers for pictures of every size.
/// </summary>
/// <param name="writer">Receives the nodes.</param>
/// <param name="channels">The number of channels.</param>
internal sealed class ResizeNodes(NodeWriter writer, int channels)
{
    private const int RowAxis = 2;
    private const int ColumnAxis = 3;
    private const float AveragingCubic = -0.5f;
    private const float InterpolatingCubic = -0.75f;

    /// <summary>Adds the nodes that resize a tensor of bytes, and returns the name of their result.</summary>
    /// <param name="pixels">The tensor.</param>
    /// <param name="from">Its sides.</param>
    /// <param name="to">The sides of the result.</param>
    /// <param name="resize">The filter.</param>
    /// <returns>A tensor with the values of bytes: of type <c>uint8</c>, or <c>float</c> after an interpolation.</returns>
    public string Resize(string pixels, PictureSides from, PictureSides to, ImageResize resize)
    {
        if (resize.Filter is ImageFilter.Nearest or ImageFilter.NearestExact)
            return Pick(Pick(pixels, Nearest(from.Height, to.Height, resize.Filter), RowAxis), Nearest(from.Width, to.Width, resize.Filter), ColumnAxis);
        if (resize.Antialias)
            return Average(pixels, to, resize.Filter);
        var rows = Interpolate(pixels, from.Height, to.Height, resize.Filter, RowAxis);
        return RoundToPixel(Interpolate(rows, from.Width, to.Width, resize.Filter, ColumnAxis));
    }

    // Resizes with antialiasing. ONNX Runtime 1.32 fails to load a graph if its optimizations move a Transpose behind this Resize. A Reshape prevents the move,
    // and copies no elements.
    private string Average(string pixels, PictureSides to, ImageFilter filter)
    {
        var planes = writer.Add("Reshape", [pixels, writer.Integers(-1, 1, 0, 0)]);
        var resized = writer.Add(
            "Resize",
            [planes, "", "", writer.Add("Concat", [to.Height, to.Width], ("axis", 0))],
            ("antialias", 1),
            ("axes", new long[] { RowAxis, ColumnAxis }),
            ("coordinate_transformation_mode", "half_pixel"),
            ("cubic_coeff_a", AveragingCubic),
            ("exclude_outside", 1),
            ("mode", filter == ImageFilter.Bilinear ? "linear" : "cubic")
        );
        return writer.Add("Reshape", [resized, writer.Integers(-1, channels, 0, 0)]);
    }

    private string Nearest(string from, string to, ImageFilter filter)
    {
        string index;
        if (filter == ImageFilter.Nearest)
        {
            index = writer.Add("Div", [writer.Add("Mul", [Indices(to), from]), to]);
        }
        else
        {
            // Positions are computed in double precision, because PIL adds them up in double precision, and results at the edges of pixels depend on the errors
            // of these sums.
            var scale = writer.Add("Div", [writer.Cast(from, DataType.Double), writer.Cast(to, DataType.Double)]);
            var half = writer.Add("Mul", [scale, writer.Constant([1], 0.5)]);
            var terms = writer.Add("Concat", [half, writer.Add("Expand", [scale, to])], ("axis", 0));
            var sums = writer.Add("CumSum", [terms, writer.Constant<long>([], 0)]);
            var positions = writer.Add("Slice", [sums, writer.Integers(0), to, writer.Integers(0)]);
            index = writer.Cast(writer.Add("Floor", [positions]), DataType.Int64);
        }

        return Limit(index, from);
    }

    // Interpolates between pixels along one axis. The centre of element i of the result is at ((2i + 1) · from − to) / (2 · to) in the source, where the centre
    // of the first element is 0.
    private string Interpolate(string pixels, string from, string to, ImageFilter filter, int axis)
    {
        var twice = writer.Add("Mul", [to, writer.Integers(2)]);
        var odd = writer.Add("Add", [writer.Add("Mul", [Indices(to), writer.Integers(2)]), writer.Integers(1)]);
        var numerator = writer.Add("Sub", [writer.Add("Mul", [odd, from]), to]);
        // The numerator is made positive before the division, because an ONNX division of integers truncates towards zero.
        var positive = writer.Add("Add", [numerator, twice]);
        var quotient = writer.Add("Div", [positive, twice]);
        var floor = writer.Add("Sub", [quotient, writer.Integers(1)]);
        var rest = writer.Add("Sub", [positive, writer.Add("Mul", [quotient, twice])]);
        var fraction = writer.Add("Div", [writer.Cast(rest, DataType.Float), writer.Cast(twice, DataType.Float)]);
        string? sum = null;
        foreach (var (offset, weight) in filter == ImageFilter.Bilinear ? Linear(fraction) : Cubic(fraction))
        {
            var index = Limit(writer.Add("Add", [floor, writer.Integers(offset)]), from);
            var picked = writer.Cast(Pick(pixels, index, axis), DataType.Float);
            var shaped = axis == RowAxis ? writer.Add("Reshape", [weight, writer.Integers(-1, 1)]) : weight;
            var term = writer.Add("Mul", [picked, shaped]);
            sum = sum is null ? term : writer.Add("Add", [sum, term]);
        }

        return sum!;
    }

    private IEnumerable<(long Offset, string Weight)> Linear(string fraction) => [(0, writer.Add("Sub", [Number(1), fraction])), (1, fraction)];

    // Returns the offsets and weights of the cubic convolution of Keys (1981).
    private IEnumerable<(long Offset, string Weight)> Cubic(string fraction)
    {
        var other = writer.Add("Sub", [Number(1), fraction]);
        return [(-1, Far(writer.Add("Add", [fraction, Number(1)]))), (0, Near(fraction)), (1, Near(other)), (2, Far(writer.Add("Add", [other, Number(1)])))];
    }

    // Computes the weight of a sample at a distance x below 1 in a cubic convolution: ((a + 2) · x − (a + 3)) · x² + 1.
    private string Near(string x)
    {
        var linear = writer.Add("Sub", [writer.Add("Mul", [x, Number(InterpolatingCubic + 2)]), Number(InterpolatingCubic + 3)]);
        return writer.Add("Add", [writer.Add("Mul", [writer.Add("Mul", [linear, x]), x]), Number(1)]);
    }

    // Computes the weight of a sample at a distance x from 1 to 2 in a cubic convolution: a · (((x − 5) · x + 8) · x − 4).
    private string Far(string x)
    {
        var square = writer.Add("Add", [writer.Add("Mul", [writer.Add("Sub", [x, Number(5)]), x]), Number(8)]);
        return writer.Add("Mul", [writer.Add("Sub", [writer.Add("Mul", [square, x]), Number(4)]), Number(InterpolatingCubic)]);
    }

    // Rounds interpolated values to pixels. A value in the middle between two integers is rounded up.
    private string RoundToPixel(string values)
    {
        var rounded = writer.Add("Floor", [writer.Add("Add", [values, Number(0.5f)])]);
        return writer.Add("Clip", [rounded, writer.Constant([], 0f), writer.Constant([], 255f)]);
    }

    private string Pick(string pixels, string index, int axis) => writer.Add("Gather", [pixels, index], ("axis", axis));

    private string Indices(string count) => writer.Add("Range", [writer.Constant<long>([], 0), writer.Add("Squeeze", [count]), writer.Constant<long>([], 1)]);

    private string Limit(string index, string count)
    {
        var last = writer.Add("Sub", [count, writer.Integers(1)]);
        return writer.Add("Min", [writer.Add("Max", [index, writer.Integers(0)]), last]);
    }

    private string Number(float value) => writer.Constant([1], value);
}
