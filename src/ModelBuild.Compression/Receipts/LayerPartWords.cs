using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>The words for parts of layers in views.</summary>
internal static class LayerPartWords
{
    /// <summary>The word for a part.</summary>
    public static string Of(LayerPart part) =>
        part switch
        {
            LayerPart.Activations => "activations",
            LayerPart.Weights => "weights",
            LayerPart.Layer => "layer",
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };
}
