using System.Runtime.InteropServices;
using ModelBuild.Cli.Data.Pictures;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Randomness;
using ModelBuild.Imaging;
using ModelBuild.Runtime;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Data;

/// <summary>
/// Chooses the pictures on which a preparation that is part of the model is compared with the preparation of the generated class: some pictures of the
/// calibration data if it has picture files, and synthetic pictures otherwise.
/// </summary>
/// <param name="data">The files of calibration data.</param>
internal sealed class ComparedPictures(IReadOnlyList<string> data) : IPictureSource
{
    private const int MaxPictures = 8;

    // The sizes of synthetic pictures in pixels. There are landscape and portrait pictures that become smaller, one that becomes larger, and sides whose ratio
    // to the prepared size is not an integer.
    private static readonly (int Width, int Height)[] _sizes = [(640, 480), (427, 640), (301, 199), (1280, 720), (97, 61)];

    private readonly string[] _files = Choose([.. data.Where(file => DataKinds.Of(file) == DataKind.Pictures)]);

    /// <inheritdoc/>
    public InputKind Kind => _files.Length > 0 ? InputKind.Calibration : InputKind.Synthetic;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _files;

    /// <inheritdoc/>
    public IEnumerable<PreparedPicture> Read(PictureInput input, CancellationToken cancellationToken)
    {
        var preparation = new ImagePreparation(
            input.Text,
            input.Dimensions.IsChannelsFirst ? ImageLayout.Nchw : ImageLayout.Nhwc,
            input.Dimensions.Channels,
            input.Dimensions.Height,
            input.Dimensions.Width
        );
        foreach (var (pixels, width, height, file) in _files.Length > 0 ? Decoded() : Synthetic())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var size = preparation.Size(width, height);
            var rows = (int)(input.Batch ?? 1);
            long[] shape = input.Dimensions.IsChannelsFirst
                ? [rows, preparation.Channels, size.Height, size.Width]
                : [rows, size.Height, size.Width, preparation.Channels];
            var (type, prepared) = Prepare(input, preparation, new ImageView(pixels, width, height, PixelFormat.Rgb), size);
            yield return new PreparedPicture(
                new SampleArray(DataType.Uint8, [rows, height, width, PictureInput.Channels], Repeat(pixels, rows)),
                new SampleArray(type, shape, Repeat(prepared, rows)),
                file
            );
        }
    }

    private static (DataType Type, byte[] Bytes) Prepare(PictureInput input, ImagePreparation preparation, in ImageView view, ImageSize size)
    {
        var count = size.Width * size.Height * preparation.Channels;
        switch (input.Type)
        {
            case "uint8":
                var bytes = new byte[count];
                preparation.Write(view, bytes);
                return (DataType.Uint8, bytes);
            case "float16":
                var halves = new Half[count];
                preparation.Write(view, halves);
                return (DataType.Float16, MemoryMarshal.AsBytes<Half>(halves).ToArray());
            default:
                var floats = new float[count];
                preparation.Write(view, floats);
                return (DataType.Float, MemoryMarshal.AsBytes<float>(floats).ToArray());
        }
    }

    private IEnumerable<(byte[] Pixels, int Width, int Height, string? File)> Decoded()
    {
        if (!SkiaSharpLoader.IsAvailable)
            throw PictureArchive.WithoutSkiaSharp(_files[0]);
        foreach (var file in _files)
        {
            var (pixels, width, height) = Decode(file);
            yield return (pixels, width, height, file);
        }
    }

    private static (byte[] Pixels, int Width, int Height) Decode(string file)
    {
        try
        {
            using var picture = Picture.Load(file);
            var pixels = new byte[picture.Width * picture.Height * PictureInput.Channels];
            new ImagePreparation(PictureInput.PictureDescription, ImageLayout.Nhwc, PictureInput.Channels, 0, 0).Write(picture.View, pixels);
            return (pixels, picture.Width, picture.Height);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw PictureArchive.Fault(file, exception.Message.TrimEnd('.'));
        }
    }

    private static IEnumerable<(byte[] Pixels, int Width, int Height, string? File)> Synthetic()
    {
        var random = new SplitMix64(SyntheticInputs.Seed);
        var range = new PixelRange([(0, byte.MaxValue)], ChannelsLast: true);
        foreach (var (width, height) in _sizes)
        {
            var values = SyntheticImage.Values([1, height, width, PictureInput.Channels], range, random);
            yield return (Array.ConvertAll(values, value => (byte)Math.Round(value)), width, height, null);
        }
    }

    // Chooses pictures that are spread evenly over all files.
    private static string[] Choose(string[] files) =>
        files.Length <= MaxPictures ? files : [.. Enumerable.Range(0, MaxPictures).Select(i => files[(int)((long)i * files.Length / MaxPictures)])];

    private static byte[] Repeat(byte[] bytes, int rows) => rows == 1 ? bytes : [.. Enumerable.Repeat(bytes, rows).SelectMany(row => row)];
}
