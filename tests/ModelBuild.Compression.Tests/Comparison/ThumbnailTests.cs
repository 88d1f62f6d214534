using System.IO.Compression;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Comparison;

public sealed class ThumbnailTests
{
    // The bytes are the empty IEND chunk with its checksum, which is at the end of each PNG file.
    private static readonly byte[] _end = [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    [Fact]
    public void A_png_file_has_its_pixels()
    {
        byte[] pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3];

        var file = PngFile.Encode(pixels, 2, 2);

        Assert.Equal([0, .. pixels[..6], 0, .. pixels[6..]], Rows(file));
        Assert.Equal(_end, file[^12..]);
    }

    [Fact]
    public void The_colours_of_a_described_image_are_those_of_the_photograph()
    {
        // The channels are blue, green and red in this order, with values from 0 to 1. Only red is 1, so that the image is red.
        float[] values = [.. new float[2 * 16 * 16], .. Enumerable.Repeat(1f, 16 * 16)];

        var rows = Rows(Image(values, [1, 3, 16, 16], "bgr scale(1/255)"));

        Assert.Equal([0, 255, 0, 0, 255, 0, 0], rows[..7]);
    }

    [Fact]
    public void Without_a_description_the_extremes_are_black_and_white()
    {
        float[] values = [-3, 5, .. new float[(16 * 16) - 2]];

        var rows = Rows(Image(values, [1, 1, 16, 16], description: null));

        Assert.Equal([0, 0, 0, 0, 255, 255, 255], rows[..7]);
    }

    [Fact]
    public void Large_images_are_smaller_and_other_inputs_have_none()
    {
        var file = Image(new float[300 * 200], [1, 1, 200, 300], description: null);

        Assert.Equal([0, 0, 0, 96, 0, 0, 0, 64], file[16..24]);
        var signature = SignatureReader.Read(new Net().Input("x", 1, 64).Build());
        Assert.Null(Thumbnails.Of(new Net().Input("x", 1, 64).Build(), signature, Sample(new float[64], [1, 64]), description: null));
    }

    private static byte[] Image(float[] values, long[] shape, string? description)
    {
        var model = new Net().Input("x", shape).Build();
        var sample = Sample(values, shape);
        var thumbnails = Thumbnails.Of(model, SignatureReader.Read(model), sample, description is null ? null : ImageDescriptionParser.Parse(description));
        return thumbnails!.Png(sample, 0);
    }

    private static Sample Sample(float[] values, long[] shape) =>
        new(
            new Dictionary<string, SampleArray>(StringComparer.Ordinal)
            {
                ["x"] = new SampleArray(DataType.Float, shape, values.SelectMany(BitConverter.GetBytes).ToArray()),
            },
            Labels: null
        );

    // The first chunk of a PNG file has 25 bytes and follows the signature of 8 bytes. The second chunk has the compressed rows.
    private static byte[] Rows(byte[] file)
    {
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(file, 41, length), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }
}
