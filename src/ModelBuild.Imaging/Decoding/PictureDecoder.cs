using ModelBuild.Imaging.Pixels;
using SkiaSharp;

namespace ModelBuild.Imaging.Decoding;

/// <summary>Decodes the bytes of a picture file to pixels.</summary>
internal static class PictureDecoder
{
    // The largest number of scans of a progressive JPEG file, of which usual files have about ten. Decoding each scan takes as long as decoding a whole
    // picture, even if the scan has few bytes.
    private const int MaxScans = 500;

    /// <summary>Decodes the first frame of a file to upright, opaque pixels.</summary>
    /// <exception cref="PictureException">The file cannot be decoded, or is larger than the limits allow.</exception>
    public static PixelBuffer Decode(ReadOnlyMemory<byte> file, PictureLimits limits, FileFault fault)
    {
        if (file.Length > limits.MaxBytes)
            throw fault.TooManyBytes(limits.MaxBytes);
        if (file.IsEmpty)
            throw fault.Empty();
        if (FileFormat.NameOf(file.Span) is not { } format)
            throw FileFormat.NameOfForeign(file.Span) is { } foreign ? fault.Foreign(foreign) : fault.NoPicture();
        using var pin = file.Pin();
        using var data = SKData.Create(Address(pin), file.Length);
        // Creating the codec reads only the header of the file.
        using var codec = SKCodec.Create(new SKMemoryStream(data), out var result);
        if (codec is null)
            throw Failure(result, format, fault);
        CheckSize(codec.Info, limits, fault);
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && JpegScans.Read(file.Span).Count is > MaxScans and var count)
            throw fault.TooManyScans(count, MaxScans);
        if (!FileEnd.IsThere(file.Span, codec.EncodedFormat))
            throw fault.Truncated(format);
        var origin = codec.EncodedFormat == SKEncodedImageFormat.Png ? PngChunks.Read(file.Span).Origin : codec.EncodedOrigin;
        return Orientation.Apply(Pixels(codec, format, fault), origin);
    }

    private static unsafe nint Address(System.Buffers.MemoryHandle pin) => (nint)pin.Pointer;

    private static void CheckSize(SKImageInfo info, PictureLimits limits, FileFault fault)
    {
        if (Math.Max(info.Width, info.Height) > limits.MaxSide)
            throw fault.TooLongSide(info.Width, info.Height, limits.MaxSide);
        if ((long)info.Width * info.Height > limits.MaxPixels)
            throw fault.TooManyPixels(info.Width, info.Height, limits.MaxPixels);
    }

    private static PixelBuffer Pixels(SKCodec codec, string format, FileFault fault)
    {
        var pixels = new PixelBuffer(codec.Info.Width, codec.Info.Height);
        var isOpaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        // The information about the buffer has no colour space, so SkiaSharp applies no colour profile of the file.
        var result = codec.GetPixels(pixels.Info.WithAlphaType(isOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul), pixels.Address);
        if (result != SKCodecResult.Success)
            throw Failure(result, format, fault);
        if (!isOpaque)
            WhiteBackground.Apply(pixels.Bytes);
        return pixels;
    }

    private static PictureException Failure(SKCodecResult result, string format, FileFault fault) =>
        result == SKCodecResult.IncompleteInput ? fault.Truncated(format) : fault.Damaged(format);
}
