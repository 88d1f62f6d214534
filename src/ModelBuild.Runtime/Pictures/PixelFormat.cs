namespace ModelBuild.Runtime;

/// <summary>Specifies how the pixels of an image are stored.</summary>
public enum PixelFormat
{
    /// <summary>Three bytes a pixel: red, green, blue.</summary>
    Rgb,

    /// <summary>Three bytes a pixel: blue, green, red. OpenCV stores images like this.</summary>
    Bgr,

    /// <summary>Four bytes a pixel: red, green, blue, alpha. Alpha is ignored.</summary>
    Rgba,

    /// <summary>Four bytes a pixel: blue, green, red, alpha. Alpha is ignored. SkiaSharp and System.Drawing store images like this by default.</summary>
    Bgra,

    /// <summary>One byte a pixel.</summary>
    Gray,

    /// <summary>Three 32-bit floats a pixel: red, green, blue, each from 0 to 1.</summary>
    RgbFloat,

    /// <summary>One 32-bit float a pixel, from 0 to 1.</summary>
    GrayFloat,
}
