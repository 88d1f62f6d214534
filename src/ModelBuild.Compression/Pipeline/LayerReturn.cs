using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pipeline;

/// <summary>One move of a search for the layers to move back to float.</summary>
/// <param name="Layers">Names of the nodes; more than one only where neighbours are moved together.</param>
/// <param name="To">Their state afterwards.</param>
/// <param name="Part">The part of them that is moved back.</param>
/// <param name="GainDb">By how much the SQNR rises, in dB.</param>
internal sealed record LayerReturn(IReadOnlyList<string> Layers, LayerState To, LayerPart Part, double GainDb)
{
    /// <summary>The names of the layers as receipts write them.</summary>
    public string Name => string.Join(", ", Layers);
}
