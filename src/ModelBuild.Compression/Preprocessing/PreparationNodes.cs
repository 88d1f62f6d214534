using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>Computes the prepared tensor of pictures in the graph, as the runtime's preparation does.</summary>
/// <param name="writer">Receives the nodes.</param>
/// <param name="input">The input.</param>
internal sealed class PreparationNodes(NodeWriter writer, PictureInput input)
{
    private const int RowAxis = 2;
    private const int ColumnAxis = 3;

    private readonly SizeNodes _sizes = new(writer);
    private readonly ImageDescription _description = input.Description;

    /// <summary>Adds all nodes of the preparation, and returns the name of the prepared tensor.</summary>
    /// <param name="pictures">The name of the tensor of pictures.</param>
    /// <returns>The name of the prepared tensor.</returns>
    public string Add(string pictures)
    {
        var sides = _sizes.Of(pictures, rows: 1);
        var pixels = writer.Add("Transpose", [_description.Order == ChannelOrder.Gray ? Gray(pictures) : pictures], ("perm", new long[] { 0, 3, 1, 2 }));
        if (_description.Resize is { } resize)
        {
            var resized = _sizes.Resized(resize, sides);
            pixels = new ResizeNodes(writer, _description.Channels).Resize(pixels, sides, resized, resize);
            sides = resized;
        }

        if (_description.Crop is { } crop)
            pixels = Crop(pixels, sides, crop);
        pixels = writer.Cast(pixels, DataType.Float);
        if (_description.Crop is { } size)
            pixels = Pad(pixels, sides, size.Width, size.Height, isCentered: true, 0);
        else if (_description.Resize is { Kind: ImageResizeKind.FitCentered or ImageResizeKind.FitTopLeft } fit)
            pixels = Pad(pixels, sides, fit.Width, fit.Height, fit.Kind == ImageResizeKind.FitCentered, (float)fit.Padding);
        if (_description.Order == ChannelOrder.Bgr)
            pixels = writer.Add("Gather", [pixels, writer.Integers(2, 1, 0)], ("axis", 1));
        return Shape(Convert(Scale(pixels)));
    }

    // Computes grey pixels: the brightness of ITU-R BT.601 with integer factors in 1/65536, rounded to bytes.
    private string Gray(string pictures)
    {
        var weights = writer.Constant([PictureInput.Channels], 19_595, 38_470, 7_471);
        var products = writer.Add("Mul", [writer.Cast(pictures, DataType.Int32), weights]);
        var sums = writer.Add("ReduceSum", [products, writer.Integers(3)], ("keepdims", 1));
        var rounded = writer.Add("Div", [writer.Add("Add", [sums, writer.Constant([1], 0x8000)]), writer.Constant([1], 0x10000)]);
        return writer.Cast(rounded, DataType.Uint8);
    }

    private string Crop(string pixels, PictureSides sides, ImageCrop crop)
    {
        var (top, left) = (_sizes.CropStart(sides.Height, crop.Height), _sizes.CropStart(sides.Width, crop.Width));
        var starts = writer.Add("Concat", [top, left], ("axis", 0));
        var ends = writer.Add("Add", [starts, writer.Integers(crop.Height, crop.Width)]);
        return writer.Add("Slice", [pixels, starts, ends, writer.Integers(RowAxis, ColumnAxis)]);
    }

    private string Pad(string pixels, PictureSides sides, int width, int height, bool isCentered, float value)
    {
        var (top, bottom) = _sizes.Padding(sides.Height, height, isCentered);
        var (left, right) = _sizes.Padding(sides.Width, width, isCentered);
        var none = writer.Integers(0, 0);
        var pads = writer.Add("Concat", [none, top, left, none, bottom, right], ("axis", 0));
        return writer.Add("Pad", [pixels, pads, writer.Constant([], value)]);
    }

    private string Scale(string pixels)
    {
        long[] shape = [1, _description.Channels, 1, 1];
        var values = _description.Values;
        if (values.Any(channel => channel.Factor != 1))
            pixels = writer.Add("Mul", [pixels, writer.Constant(shape, [.. values.Select(channel => (float)channel.Factor)])]);
        if (values.Any(channel => channel.Offset != 0))
            pixels = writer.Add("Add", [pixels, writer.Constant(shape, [.. values.Select(channel => (float)channel.Offset)])]);
        return pixels;
    }

    private string Convert(string pixels)
    {
        if (input.Type == "uint8")
        {
            var rounded = writer.Add("Clip", [writer.Add("Round", [pixels]), writer.Constant([], 0f), writer.Constant([], 255f)]);
            pixels = writer.Cast(rounded, DataType.Uint8);
        }
        else if (input.Type == "float16")
        {
            pixels = writer.Cast(pixels, DataType.Float16);
        }

        return input.Dimensions.IsChannelsFirst ? pixels : writer.Add("Transpose", [pixels], ("perm", new long[] { 0, 2, 3, 1 }));
    }

    // Adds a Reshape, which copies nothing, so that shape inference finds the sizes that the model declares. A size of 0 keeps the size of the tensor.
    private string Shape(string tensor)
    {
        var (isFirst, _, height, width) = input.Dimensions;
        if (height == 0 || width == 0)
            return tensor;
        var batch = input.Batch ?? 0;
        return writer.Add(
            "Reshape",
            [tensor, isFirst ? writer.Integers(batch, _description.Channels, height, width) : writer.Integers(batch, height, width, _description.Channels)]
        );
    }
}
