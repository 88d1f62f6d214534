namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>A layer's work while channels are being chosen.</summary>
/// <param name="Work">Its multiply-adds, or its parameters, with all channels.</param>
/// <param name="Outputs">The channels that it makes; null where they have no slices in its weights.</param>
/// <param name="Inputs">The channels that it reads; null where they have none.</param>
internal sealed record PrunedLayer(double Work, int[]? Outputs, int[]? Inputs)
{
    /// <summary>How many of its outputs are left.</summary>
    public int KeptOutputs { get; set; } = Outputs?.Length ?? 0;

    /// <summary>How many of its inputs are left.</summary>
    public int KeptInputs { get; set; } = Inputs?.Length ?? 0;

    /// <summary>Its work with those.</summary>
    public double Left => Work * Share(KeptOutputs, Outputs) * Share(KeptInputs, Inputs);

    private static double Share(int kept, int[]? all) => all is null ? 1 : (double)kept / all.Length;
}
