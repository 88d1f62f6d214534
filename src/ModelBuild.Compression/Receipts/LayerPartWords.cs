using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The words for parts of layers in pages and messages.</summary>
internal static class LayerPartWords
{
    /// <summary>Returns the word for a part of a layer.</summary>
    public static string Of(LayerPart part) =>
        part switch
        {
            LayerPart.Activations => "activations",
            LayerPart.Weights => "weights",
            LayerPart.Layer => "layer",
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
}
