namespace ModelBuild.Protocol;

/// <summary>Specifies how the pixels of a resized image are computed.</summary>
internal enum ImageFilter
{
    /// <summary>Each pixel is interpolated linearly; with antialiasing, it is averaged with a triangle as wide as a pixel of the result.</summary>
    Bilinear,

    /// <summary>Each pixel is computed by cubic convolution (Keys 1981), with the coefficient −0.5 with antialiasing, and −0.75 without.</summary>
    Bicubic,

    /// <summary>Each pixel is the pixel of the original at floor(x · scale), as in OpenCV and as torch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>Each pixel is the pixel of the original at floor((x + 0.5) · scale), as in PIL and as torch's <c>nearest-exact</c>.</summary>
    NearestExact,
}
