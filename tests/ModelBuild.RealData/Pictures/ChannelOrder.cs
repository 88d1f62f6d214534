namespace ModelBuild.RealData.Pictures;

/// <summary>Which channels of a picture a model takes.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>The brightness Y of YCbCr (ITU-R BT.601) alone.</summary>
    Luma,
}
