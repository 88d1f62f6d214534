namespace ModelBuild.Imaging;

/// <summary>Specifies the file format in which a picture is saved.</summary>
public enum PictureFormat
{
    /// <summary>PNG, which is lossless.</summary>
    Png,

    /// <summary>JPEG, which is lossy; each side has at most 65,500 pixels.</summary>
    Jpeg,

    /// <summary>WebP with lossy compression; each side has at most 16,383 pixels.</summary>
    Webp,
}
