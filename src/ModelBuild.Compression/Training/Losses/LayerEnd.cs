namespace ModelBuild.Compression.Training.Losses;

/// <summary>The output of a layer, after its bias, normalization and activation.</summary>
/// <param name="Value">The name of the value.</param>
/// <param name="IsConvolution">Whether the layer is a convolution, whose channels are the second dimension; otherwise they are the last one.</param>
internal sealed record LayerEnd(string Value, bool IsConvolution)
{
    /// <summary>The name of the layer's node; empty for a value that is not the output of a layer.</summary>
    public string Layer { get; init; } = "";
}
