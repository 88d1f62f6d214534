namespace ModelBuild.Protocol;

/// <summary>Specifies the channels of a model's image input, in their order.</summary>
internal enum ChannelOrder
{
    /// <summary>The channels are red, green and blue.</summary>
    Rgb,

    /// <summary>The channels are blue, green and red.</summary>
    Bgr,

    /// <summary>The only channel is the brightness.</summary>
    Gray,
}
