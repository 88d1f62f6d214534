using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>
/// The input of a model whose preparation becomes a part of the model, so that its callers give it pictures of any size: bytes of red, green and blue with the
/// dimensions images, rows, columns and channels.
/// </summary>
internal sealed class PictureInput
{
    /// <summary>The number of channels of a picture.</summary>
    public const int Channels = 3;

    /// <summary>The description of the input after the change: pixels are copied without preparation.</summary>
    public const string PictureDescription = "rgb";

    private readonly ValueSignature _input;
    private readonly string? _source;

    private PictureInput(ValueSignature input, string text, string? source, ImageDescription description, ImageDimensions dimensions) =>
        (_input, Text, _source, Description, Dimensions) = (input, text, source, description, dimensions);

    /// <summary>Gets the name of the input, which the change does not affect.</summary>
    public string Name => _input.Name;

    /// <summary>Gets the element type of the tensor that the model takes without its preparation.</summary>
    public string Type => _input.Type;

    /// <summary>Gets the number of pictures in a call; null if it is dynamic.</summary>
    public long? Batch => _input.Shape![0].Size;

    /// <summary>Gets the description of the preparation. It names a size if the model declares one.</summary>
    public string Text { get; }

    /// <summary>Gets the parsed description.</summary>
    public ImageDescription Description { get; }

    /// <summary>Gets the dimensions of the prepared tensor.</summary>
    public ImageDimensions Dimensions { get; }

    /// <summary>Finds the input of a model whose preparation becomes a part of the model.</summary>
    /// <param name="signature">The signature of the model, which takes a prepared tensor.</param>
    /// <param name="description">The description of the image; null if there is none.</param>
    /// <exception cref="CompressionException">MB1047: the preparation cannot become a part of the model.</exception>
    public static PictureInput Find(ModelSignature signature, ValueDescription? description)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (description is null)
            throw Fault("there is no description of the image that the model takes. Set Image, such as Image=\"rgb resize(256) crop(224) scale(1/255)\"");
        if (signature.Inputs.Count != 1)
            throw Fault($"the description of an image is that of the only input, and the model has {signature.Inputs.Count} inputs");
        var input = signature.Inputs[0];
        if (input is not { Kind: ValueKind.Tensor, Type: "float32" or "float16" or "uint8", Shape: { Count: ImageDimensions.Rank } shape })
            throw Fault($"an image needs an input of float32, float16 or uint8 with four dimensions, and the input is '{input}'");
        try
        {
            var parsed = ImageDescriptionParser.Parse(description.Text);
            var dimensions = ImageDimensions.Of(parsed, [.. shape.Select(dimension => dimension.Size)]);
            if (ImageContradictions.Find(parsed, dimensions.Channels, dimensions.Width, dimensions.Height) is { } problem)
                throw Fault(problem.TrimEnd('.'));
            var text = parsed is { Resize: null, Crop: null } ? WithSize(description.Text, dimensions) : description.Text;
            return new PictureInput(input, text, description.Source, ImageDescriptionParser.Parse(text), dimensions);
        }
        catch (DescriptionException mistake)
        {
            throw Fault(mistake.Message.TrimEnd('.'));
        }
    }

    /// <summary>Returns the signature that the model has when it contains the preparation.</summary>
    /// <param name="signature">The signature of the model without it.</param>
    public ModelSignature Change(ModelSignature signature) => signature with { Inputs = [new ValueSignature(Name, ValueKind.Tensor, "uint8", Shape)] };

    /// <summary>Returns the descriptions of the inputs and outputs of the model that contains the preparation.</summary>
    /// <param name="descriptions">The descriptions of the model without it.</param>
    public IReadOnlyList<ValueDescription> Change(IEnumerable<ValueDescription> descriptions) =>
        [
            new ValueDescription(ItemMetadata.Image.Name, PictureDescription, null),
            new ValueDescription(ItemMetadata.Preprocess.Name, Text, _source) { IsChannelsFirst = Dimensions.IsChannelsFirst },
            .. descriptions.Where(description => description.Name != ItemMetadata.Image.Name),
        ];

    /// <summary>Returns the declaration of the input that takes pictures.</summary>
    public ValueInfoProto Declare()
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in Shape)
            shape.Dim.Add(
                dimension.Size is { } size ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : dimension.Name is { } symbol ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension()
            );
        return new ValueInfoProto
        {
            Name = Name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Uint8, Shape = shape },
            },
        };
    }

    private Dimension[] Shape => [_input.Shape![0], new Dimension(null, "picture_height"), new Dimension(null, "picture_width"), new Dimension(Channels, null)];

    // Adds the declared size to a description without geometry. A picture is then stretched to the size that the model declares.
    private static string WithSize(string text, ImageDimensions dimensions)
    {
        if (dimensions is { Width: 0, Height: 0 })
            return text;
        if (dimensions.Width == 0 || dimensions.Height == 0)
            throw Fault("the model declares only one side of the image. Write the size into the description, such as 'resize(224,224)'");
        var words = text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        var size = FormattableString.Invariant($"resize({dimensions.Width},{dimensions.Height})");
        return words is [("rgb" or "bgr" or "gray") and var order, .. var rest] ? string.Join(' ', [order, size, .. rest]) : $"{size} {text}".TrimEnd();
    }

    private static CompressionException Fault(string reason) =>
        new(Codes.Preprocess, $"The preparation of images cannot become a part of the model, as Preprocess=\"graph\" asks for: {reason}.");
}
