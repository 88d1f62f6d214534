using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the image that a model takes, as the item or a file beside the model describes it.</summary>
/// <param name="Input">The index of the input.</param>
/// <param name="Description">The description.</param>
/// <param name="Source">The origin of a description that the build found; empty if the item has the description.</param>
/// <param name="Type">The C# type of the input's elements.</param>
/// <param name="IsChannelsFirst">Whether the dimensions are channels, height and width; otherwise height, width and channels.</param>
/// <param name="Channels">The number of channels that the model declares; 0 for a dynamic dimension.</param>
/// <param name="Height">The height that the model declares; 0 for a dynamic dimension.</param>
/// <param name="Width">The width that the model declares; 0 for a dynamic dimension.</param>
/// <param name="TakesSeveral">Whether a call can take several images.</param>
/// <param name="Preparation">The preparation that is part of the model; null if the class prepares images itself.</param>
/// <param name="Problem">Why the description cannot be used; null if it can.</param>
internal sealed record ImageInput(
    int Input,
    string Description,
    string Source,
    string Type,
    bool IsChannelsFirst,
    int Channels,
    int Height,
    int Width,
    bool TakesSeveral,
    GraphPreparation? Preparation,
    string? Problem
)
{
    /// <summary>Gets whether the outputs of the model belong to a tensor with the dimensions height, width and channels.</summary>
    public bool IsPreparedChannelsLast => !(Preparation?.IsChannelsFirst ?? IsChannelsFirst);

    /// <summary>Finds the image that a model with one input takes; null if the signature describes none.</summary>
    public static ImageInput? Find(ModelSignature signature, InputMember[] inputs)
    {
        if (inputs.Length != 1 || signature.Described(ItemMetadata.Image) is not { } described)
            return null;
        try
        {
            return Of(inputs[0], described.Text, described.Source, GraphPreparation.Find(signature));
        }
        catch (DescriptionException mistake)
        {
            return Wrong(described.Text, mistake.Message);
        }
    }

    /// <summary>Returns whether an input has the type and the dimensions of an image.</summary>
    public static bool CanBe(InputMember input) => input is { Type.Onnx: "float32" or "float16" or "uint8", Tensor.Shape.Count: ImageDimensions.Rank };

    /// <summary>Returns the image that an input takes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="text">The description of the image.</param>
    /// <param name="source">The origin of a description that the build found; empty if the item has the description.</param>
    /// <param name="preparation">The preparation that the model contains; null if it contains none.</param>
    public static ImageInput Of(InputMember input, string text, string source, GraphPreparation? preparation = null)
    {
        var tensor = input.Tensor;
        if (!CanBe(input))
            return Wrong(text, $"an image needs an input of float32, float16 or uint8 with four dimensions, and '{tensor.Name}' is {tensor.Display}.");
        var (type, shape) = (input.Type!, tensor.Shape!.Value);
        try
        {
            var description = ImageDescriptionParser.Parse(text);
            var (isFirst, channels, height, width) = ImageDimensions.Of(description, [.. shape.Select(dimension => dimension.Size)]);
            var problem = ImageContradictions.Find(description, channels, width, height);
            return new ImageInput(input.Index, text, source, type.CSharp, isFirst, channels, height, width, shape[0].Size is not 1, preparation, problem);
        }
        catch (DescriptionException mistake)
        {
            return Wrong(text, mistake.Message);
        }
    }

    private static ImageInput Wrong(string text, string problem) => new(0, text, "", "", IsChannelsFirst: true, 0, 0, 0, TakesSeveral: false, null, problem);
}
