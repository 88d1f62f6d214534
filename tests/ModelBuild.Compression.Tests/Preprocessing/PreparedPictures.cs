using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Signatures;
using ModelBuild.Runtime;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Preprocessing;

/// <summary>Prepares one picture with nodes of a graph and with the runtime.</summary>
internal static class PreparedPictures
{
    /// <summary>Returns the input of a model with the given declaration.</summary>
    public static PictureInput Input(string description, string type = "float32", params long?[] shape) =>
        PictureInput.Find(
            new ModelSignature("", [new ValueSignature("image", ValueKind.Tensor, type, [.. shape.Select(size => new Dimension(size, null))])], []),
            new ValueDescription(ItemMetadata.Image.Name, description, null)
        );

    /// <summary>Returns the pixels of an image with many edges and smooth parts.</summary>
    public static byte[] Pixels(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var c = 0; c < 3; c++)
            pixels[(((y * width) + x) * 3) + c] = (byte)(y % 3 == 0 ? (x * 7) ^ (y * 13) ^ (c * 101) : (x * 255 / width) + c);
        return pixels;
    }

    /// <summary>Prepares the picture with the nodes of a graph.</summary>
    public static OutputValues InGraph(PictureInput input, byte[] pixels, int width, int height)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(GraphPreparation.Alone(input)));
        var inputs = new Dictionary<string, SampleArray> { [input.Name] = new(DataType.Uint8, [1, height, width, 3], pixels) };
        return Assert.Single(runner.Run(new Sample(inputs, null), TestContext.Current.CancellationToken));
    }

    /// <summary>Prepares the picture with the runtime.</summary>
    public static double[] InRuntime(PictureInput input, string description, byte[] pixels, int width, int height)
    {
        var (isFirst, channels, rows, columns) = input.Dimensions;
        var preparation = new ImagePreparation(description, isFirst ? ImageLayout.Nchw : ImageLayout.Nhwc, channels, rows, columns);
        var size = preparation.Size(width, height);
        var view = new ImageView(pixels, width, height, PixelFormat.Rgb);
        var count = preparation.Channels * size.Width * size.Height;
        switch (input.Type)
        {
            case "uint8":
                var bytes = new byte[count];
                preparation.Write(view, bytes);
                return Array.ConvertAll(bytes, value => (double)value);
            case "float16":
                var halves = new Half[count];
                preparation.Write(view, halves);
                return Array.ConvertAll(halves, value => (double)value);
            default:
                var floats = new float[count];
                preparation.Write(view, floats);
                return Array.ConvertAll(floats, value => (double)value);
        }
    }
}
