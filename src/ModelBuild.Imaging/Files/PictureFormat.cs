namespace ModelBuild.Imaging;

/// <summary>Specifies the file format in which a picture is saved.</summary>
public enum PictureFormat
{
    /// <summary>PNG, without loss.</summary>
    Png,

    /// <summary>JPEG, with loss; at most 65,500 pixels a side.</summary>
    Jpeg,

    /// <summary>WebP, with loss; at most 16,383 pixels a side.</summary>
    Webp,
}
