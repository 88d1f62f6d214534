using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the map of an image that a model returns: classes of pixels, values, or an image.</summary>
/// <param name="Description">The description.</param>
/// <param name="Kind">The kind of the numbers.</param>
/// <param name="Problem">Why the description cannot be used; null if it can.</param>
internal sealed record ImageMap(string Description, MapKind Kind, string? Problem)
{
    /// <summary>Finds the map that a model returns; null if the signature describes none.</summary>
    public static ImageMap? Find(ModelSignature signature, OutputMember[] outputs, ImageInput? image)
    {
        if (signature.Described(ItemMetadata.Map) is not { } described)
            return null;
        if (image is null)
            return new ImageMap(
                described.Text,
                default,
                "a map has the pixels of an image, which is the only input. Describe this image, too, as Image=\"rgb resize(512,512) scale(1/255)\"."
            );
        try
        {
            var description = MapDescriptionParser.Parse(described.Text);
            MapOutput.Find(description, [.. outputs.Select(output => output.Described)], signature.Labels.Count, image.IsPreparedChannelsLast);
            return new ImageMap(described.Text, description.Kind, null);
        }
        catch (FormatException mistake)
        {
            return new ImageMap(described.Text, default, mistake.Message);
        }
    }
}
