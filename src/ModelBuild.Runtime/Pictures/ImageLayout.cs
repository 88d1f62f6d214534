namespace ModelBuild.Runtime;

/// <summary>Specifies the order of the dimensions of a tensor that contains an image.</summary>
public enum ImageLayout
{
    /// <summary>The dimensions are channels, height and width: all values of the first channel come first.</summary>
    Nchw,

    /// <summary>The dimensions are height, width and channels: all values of the first pixel come first.</summary>
    Nhwc,
}
