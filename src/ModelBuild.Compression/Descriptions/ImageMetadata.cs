namespace ModelBuild.Compression.Descriptions;

/// <summary>
/// Reads the image metadata of ONNX, which Windows ML uses: the order of the channels in <c>Image.BitmapPixelFormat</c> and the range of the values in
/// <c>Image.NominalPixelRange</c> (ONNX, MetadataProps.md).
/// </summary>
internal static class ImageMetadata
{
    private const string Source = "the image metadata of ONNX";

    /// <summary>Reads the description of images with a function that returns a metadata entry by its key.</summary>
    public static FoundDescription Read(Func<string, string?> metadata)
    {
        var found = new FoundDescription(Source);
        string? order = metadata("Image.BitmapPixelFormat") switch
        {
            "Gray8" or "Gray16" => "gray",
            "Rgb8" or "Rgba8" or "Rgb16" or "Rgba16" => "rgb",
            "Bgr8" or "Bgra8" => "bgr",
            _ => null,
        };
        string? values = metadata("Image.NominalPixelRange") switch
        {
            "NominalRange_0_255" => "",
            "Normalized_0_1" => " scale(1/255)",
            "Normalized_1_1" => " scale(2/255) mean(1)",
            "NominalRange_16_235" => " scale(219/255) mean(-16)",
            _ => null,
        };
        return order is null || values is null ? found : found with { Texts = new Dictionary<ItemField, string> { [ItemMetadata.Image] = order + values } };
    }
}
