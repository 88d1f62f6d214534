namespace ModelBuild.Runtime;

/// <summary>Specifies the order of the dimensions of a tensor that contains an image.</summary>
public enum ImageLayout
{
    /// <summary>Channels, height, width: all values of the first channel come first.</summary>
    Nchw,

    /// <summary>Height, width, channels: all values of the first pixel come first.</summary>
    Nhwc,
}
