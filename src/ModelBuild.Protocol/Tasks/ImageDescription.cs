namespace ModelBuild.Protocol;

/// <summary>Describes how an image becomes the input of a model. <see cref="ImageDescriptionParser"/> reads it from one line of text.</summary>
/// <param name="Order">The channels of the input.</param>
/// <param name="Resize">The step that resizes the image; null if the description has none.</param>
/// <param name="Crop">The crop after the resize; null if the description has none.</param>
/// <param name="Values">The values of each channel, in the order of the channels.</param>
internal sealed record ImageDescription(ChannelOrder Order, ImageResize? Resize, ImageCrop? Crop, IReadOnlyList<ChannelValues> Values)
{
    /// <summary>Gets the number of channels of the input.</summary>
    public int Channels => Values.Count;
}
