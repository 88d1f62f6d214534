namespace ModelBuild.RealData.Images;

/// <summary>The channels of an image that a model reads.</summary>
public enum ChannelOrder
{
    /// <summary>The channels are red, green and blue.</summary>
    Rgb,

    /// <summary>The channels are blue, green and red.</summary>
    Bgr,

    /// <summary>The only channel is the brightness Y of YCbCr (ITU-R BT.601).</summary>
    Luma,
}
