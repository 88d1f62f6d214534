namespace ModelBuild.Compression.Pipeline;

/// <summary>One step of a search for the layers to return to float.</summary>
/// <param name="Layers">Names of the nodes; more than one only where neighbours are returned together.</param>
/// <param name="To">What they become.</param>
/// <param name="Part">What of them is returned by it, as receipts say it.</param>
/// <param name="GainDb">What it gives back, in dB.</param>
internal sealed record LayerReturn(IReadOnlyList<string> Layers, LayerState To, string Part, double GainDb)
{
    /// <summary>The layers as receipts write them.</summary>
    public string Name => string.Join(", ", Layers);
}
