using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the boxes that a model finds in an image.</summary>
/// <param name="Description">The description.</param>
/// <param name="Problem">Why the description cannot be used; null if it can.</param>
internal sealed record BoxesOutput(string Description, string? Problem)
{
    /// <summary>Finds the boxes that a model returns; null if the signature describes none.</summary>
    public static BoxesOutput? Find(ModelSignature signature, OutputMember[] outputs, ImageInput? image)
    {
        if (signature.Described(ItemMetadata.Boxes) is not { } described)
            return null;
        if (image is null)
            return new BoxesOutput(
                described.Text,
                "boxes are places in an image, which is the only input. Describe this image, too, as Image=\"rgb letterbox(640)\"."
            );
        try
        {
            var description = BoxDescriptionParser.Parse(described.Text);
            DescribedValue[] values = [.. outputs.Select(output => output.Described)];
            var found = BoxOutputs.Find(description, values);
            if (found.Scores.Count == 0 && values[found.Boxes[0]] is { Rank: 3 } output && output.FromEnd(1) > 0 && output.FromEnd(2) > 0)
                YoloLayout.Find(
                    description,
                    output.FromEnd(2),
                    output.FromEnd(1),
                    signature.Labels.Count,
                    found.Masks < 0 ? 0 : values[found.Masks].FromEnd(3)
                );
            return new BoxesOutput(described.Text, null);
        }
        catch (FormatException mistake)
        {
            return new BoxesOutput(described.Text, mistake.Message);
        }
    }
}
