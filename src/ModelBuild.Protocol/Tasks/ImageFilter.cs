namespace ModelBuild.Protocol;

/// <summary>Specifies how the pixels of a resized image are computed.</summary>
internal enum ImageFilter
{
    /// <summary>Linear interpolation; with antialiasing, a triangle as wide as a pixel of the result.</summary>
    Bilinear,

    /// <summary>Cubic convolution (Keys 1981) with the coefficient −0.5 with antialiasing, and −0.75 without.</summary>
    Bicubic,

    /// <summary>The pixel at floor(x · scale), as in OpenCV and as torch's <c>nearest</c>.</summary>
    Nearest,

    /// <summary>The pixel at floor((x + 0.5) · scale), as in PIL and as torch's <c>nearest-exact</c>.</summary>
    NearestExact,
}
