namespace ModelBuild.Runtime;

/// <summary>Specifies how the pixels of an image are stored.</summary>
public enum PixelFormat
{
    /// <summary>A pixel has three bytes: red, green and blue.</summary>
    Rgb,

    /// <summary>A pixel has three bytes: blue, green and red. OpenCV stores images in this format.</summary>
    Bgr,

    /// <summary>A pixel has four bytes: red, green, blue and alpha. Alpha is ignored.</summary>
    Rgba,

    /// <summary>
    /// A pixel has four bytes: blue, green, red and alpha. Alpha is ignored. SkiaSharp and System.Drawing store images in this format by default.
    /// </summary>
    Bgra,

    /// <summary>A pixel has one byte.</summary>
    Gray,

    /// <summary>A pixel has three 32-bit floats: red, green and blue, each from 0 to 1.</summary>
    RgbFloat,

    /// <summary>A pixel has one 32-bit float from 0 to 1.</summary>
    GrayFloat,
}
