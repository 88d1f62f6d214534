using System.Runtime.InteropServices;
using ModelBuild.Runtime;
using SkiaSharp;

namespace ModelBuild.Imaging.Pixels;

/// <summary>Represents opaque pixels in a managed array, which the garbage collector does not move, so that SkiaSharp can read and write it.</summary>
/// <remarks>The array belongs to the garbage collector, so a view of it stays valid after the picture is disposed.</remarks>
internal sealed class PixelBuffer
{
    /// <summary>The number of bytes of a pixel: red, green, blue, and an alpha of 255.</summary>
    public const int BytesPerPixel = 4;

    private readonly byte[] _bytes;

    /// <summary>Initializes a new instance of the <see cref="PixelBuffer"/> class, whose pixels have undefined values.</summary>
    public PixelBuffer(int width, int height)
    {
        Width = width;
        Height = height;
        _bytes = GC.AllocateUninitializedArray<byte>(checked(width * height * BytesPerPixel), pinned: true);
    }

    public int Width { get; }

    public int Height { get; }

    public int Stride => Width * BytesPerPixel;

    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    public Span<byte> Bytes => _bytes;

    /// <summary>Gets the pixels as 32-bit numbers, so that whole pixels can be moved.</summary>
    public Span<uint> Pixels => MemoryMarshal.Cast<byte, uint>(_bytes.AsSpan());

    public ImageView View => new(_bytes, Width, Height, PixelFormat.Rgba);

    /// <summary>
    /// Gets the description of the pixels for SkiaSharp. They have no colour space, so SkiaSharp neither converts nor interprets their values.
    /// </summary>
    public SKImageInfo Info => new(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);

    public Span<byte> Row(int y) => _bytes.AsSpan(y * Stride, Stride);
}
