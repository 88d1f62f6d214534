using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>The facts about the values of inputs that the descriptions of a model contain.</summary>
/// <param name="Image">The description of images; null if there is none.</param>
/// <param name="Audio">The description of recordings; null if there is none.</param>
/// <param name="Tokens">The token ids; null if they are unknown.</param>
internal sealed record DescribedInputs(ImageDescription? Image, AudioDescription? Audio, DescribedTokens? Tokens = null)
{
    private string? NamedImages { get; init; }

    /// <summary>An instance for a model without descriptions.</summary>
    public static DescribedInputs None { get; } = new(null, null);

    /// <summary>Reads the descriptions of a model. A description with a mistake counts as none, because the generated class reports the mistake.</summary>
    public static DescribedInputs Of(IReadOnlyList<ValueDescription> descriptions, DescribedTokens? tokens = null) =>
        new(Read(descriptions, ItemMetadata.Image, ImageDescriptionParser.Parse), Read(descriptions, ItemMetadata.Audio, AudioDescriptionParser.Parse), tokens)
        {
            NamedImages = Text(descriptions, ItemMetadata.Image),
        };

    /// <summary>Returns the description of the images that an input takes; null if there is none.</summary>
    /// <param name="input">The name of the input.</param>
    /// <param name="names">The names of all inputs.</param>
    public ImageDescription? ImageOf(string input, IReadOnlyList<string> names)
    {
        if (Image is not null || NamedImages is null)
            return Image;
        try
        {
            return NamedDescriptions.Divide(NamedImages, names).FirstOrDefault(named => named.Name == input).Text is { } text
                ? ImageDescriptionParser.Parse(text)
                : null;
        }
        catch (DescriptionException)
        {
            return null;
        }
    }

    /// <summary>Returns the name of the input that takes samples of sound: the only input of floats beside states.</summary>
    /// <returns>The name; null if there is no such input.</returns>
    public string? SoundInput(ModelSignature signature)
    {
        if (Audio is not { Spectrum: null })
            return null;
        var states = StateSource.Read(signature, text: null).Select(state => state.Input).ToHashSet(StringComparer.Ordinal);
        ValueSignature[] floats = [.. signature.Inputs.Where(input => !states.Contains(input.Name) && input.Type is "float32" or "float16")];
        return floats is [{ Kind: ValueKind.Tensor, Shape.Count: > 0 and <= AudioDimensions.MaxRank } only] ? only.Name : null;
    }

    private static string? Text(IReadOnlyList<ValueDescription> descriptions, ItemField field) =>
        descriptions.FirstOrDefault(description => description.Name == field.Name)?.Text;

    private static T? Read<T>(IReadOnlyList<ValueDescription> descriptions, ItemField field, Func<string, T> parse)
        where T : class
    {
        if (Text(descriptions, field) is not { } text)
            return null;
        try
        {
            return parse(text);
        }
        catch (DescriptionException)
        {
            return null;
        }
    }
}
