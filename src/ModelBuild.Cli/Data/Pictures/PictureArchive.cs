using System.Runtime.InteropServices;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Cli.Hosting;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Imaging;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Data.Pictures;

/// <summary>Decodes and prepares pictures as the generated class of the model does.</summary>
/// <param name="signature">The signature of the model.</param>
/// <param name="description">The description of its image.</param>
internal sealed class PictureArchive(ModelSignature signature, string description)
{
    /// <summary>Writes the prepared pictures and their labels to archives.</summary>
    /// <param name="pictures">The files.</param>
    /// <param name="archives">The archives.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="CompressionException">MB1019: SkiaSharp is missing, or a file cannot be decoded, or the description does not fit.</exception>
    public int Write(IReadOnlyList<LabelledFile> pictures, ArchiveSet archives, CancellationToken cancellationToken)
    {
        if (!SkiaSharpLoader.IsAvailable)
            throw WithoutSkiaSharp(pictures[0].Path);
        var (preparation, input) = Preparation(pictures[0].Path);
        using (var archive = new NpzWriter(archives.Next()))
        {
            var first = Decode(pictures[0].Path, preparation, out var size);
            long[] shape =
                preparation.Layout == ImageLayout.Nchw
                    ? [pictures.Count, preparation.Channels, size.Height, size.Width]
                    : [pictures.Count, size.Height, size.Width, preparation.Channels];
            using (var stream = archive.Start(input.Name, "<f4", shape))
            {
                stream.Write(MemoryMarshal.AsBytes<float>(first));
                foreach (var (file, _) in pictures.Skip(1))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var pixels = Decode(file, preparation, out var other);
                    if (other != size)
                        throw Fault(
                            file,
                            $"it has {other} pixels after its preparation, and '{Path.GetFileName(pictures[0].Path)}' has {size}. "
                                + "Describe a fixed size, such as 'resize(256) crop(224)'"
                        );
                    stream.Write(MemoryMarshal.AsBytes<float>(pixels));
                }
            }

            if (pictures[0].Class >= 0)
                archive.Write(ArraySamples.LabelKey, [.. pictures.Select(picture => (long)picture.Class)], pictures.Count);
        }

        return pictures.Count;
    }

    /// <summary>Returns the exception for a picture that cannot be decoded because SkiaSharp is missing.</summary>
    public static CompressionException WithoutSkiaSharp(string file) =>
        new(
            Codes.CalibrationData,
            "The program decodes pictures with the SkiaSharp of the application, and there is none among this user's packages. "
                + "Add <PackageReference Include=\"ModelBuild.Imaging\" /> to the project and restore it.",
            file
        );

    /// <summary>Returns the exception for a picture that cannot be used as data.</summary>
    public static CompressionException Fault(string file, string reason) => new(Codes.CalibrationData, $"The picture cannot be used as data: {reason}.", file);

    private (ImagePreparation Preparation, ValueSignature Input) Preparation(string file)
    {
        if (signature.Inputs is not [{ Shape: { Count: ImageDimensions.Rank } shape } input])
            throw Fault(file, "the model does not have one input of four dimensions, as the description of an image needs");
        try
        {
            var parsed = ImageDescriptionParser.Parse(description);
            var (isFirst, channels, height, width) = ImageDimensions.Of(parsed, [.. shape.Select(dimension => dimension.Size)]);
            if (ImageContradictions.Find(parsed, channels, width, height) is { } problem)
                throw new FormatException(problem);
            return (new ImagePreparation(description, isFirst ? ImageLayout.Nchw : ImageLayout.Nhwc, channels, height, width), input);
        }
        catch (FormatException mistake)
        {
            throw Fault(file, $"the description of the image, '{description}', cannot be used: {mistake.Message.TrimEnd('.')}");
        }
    }

    private static float[] Decode(string file, ImagePreparation preparation, out ImageSize size)
    {
        try
        {
            using var picture = Picture.Load(file);
            size = preparation.Size(picture.Width, picture.Height);
            var pixels = new float[size.Width * size.Height * preparation.Channels];
            preparation.Write(picture.View, pixels);
            return pixels;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(file, exception.Message.TrimEnd('.'));
        }
    }
}
