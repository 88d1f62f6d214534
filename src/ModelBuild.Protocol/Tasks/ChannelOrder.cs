namespace ModelBuild.Protocol;

/// <summary>Specifies the channels of a model's image input, in their order.</summary>
internal enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One channel with the brightness.</summary>
    Gray,
}
