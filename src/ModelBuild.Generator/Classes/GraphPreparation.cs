using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>
/// Represents the preparation of images that is part of a model. The generated class copies the pixels of an image, and uses the preparation only to map
/// positions in the image.
/// </summary>
/// <param name="Description">The description, which names a size if the model has one.</param>
/// <param name="Source">The origin of a description that the build found; empty if the item has the description.</param>
/// <param name="IsChannelsFirst">Whether the prepared tensor has the dimensions channels, height and width; otherwise height, width and channels.</param>
internal sealed record GraphPreparation(string Description, string Source, bool IsChannelsFirst)
{
    /// <summary>Finds the preparation that is part of a model; null if there is none.</summary>
    /// <exception cref="DescriptionException">The description has a mistake.</exception>
    public static GraphPreparation? Find(ModelSignature signature)
    {
        if (signature.Described(ItemMetadata.Preprocess) is not { } described)
            return null;
        ImageDescriptionParser.Parse(described.Text);
        return new GraphPreparation(described.Text, described.Source, described.Layout != SignatureFields.ChannelsLast);
    }
}
