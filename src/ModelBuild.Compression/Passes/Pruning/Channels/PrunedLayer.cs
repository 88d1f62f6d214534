namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The work of a layer while channels are being chosen.</summary>
/// <param name="Work">The multiply-adds or parameters of the layer with all channels.</param>
/// <param name="Outputs">The channels that the layer computes; null if they have no slices in its weights.</param>
/// <param name="Inputs">The channels that the layer reads; null if there are none.</param>
internal sealed record PrunedLayer(double Work, int[]? Outputs, int[]? Inputs)
{
    /// <summary>The number of output channels that remain.</summary>
    public int KeptOutputs { get; set; } = Outputs?.Length ?? 0;

    /// <summary>The number of input channels that remain.</summary>
    public int KeptInputs { get; set; } = Inputs?.Length ?? 0;

    /// <summary>The multiply-adds or parameters of the layer with the remaining channels.</summary>
    public double Left => Work * Share(KeptOutputs, Outputs) * Share(KeptInputs, Inputs);

    private static double Share(int kept, int[]? all) => all is null ? 1 : (double)kept / all.Length;
}
