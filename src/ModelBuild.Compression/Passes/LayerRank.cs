namespace ModelBuild.Compression.Passes;

/// <summary>What returning one layer to float gives back.</summary>
/// <param name="Layer">The node's name.</param>
/// <param name="GainDb">By how much the worst output's SQNR rises on held-out samples when this layer alone computes in float, in dB.</param>
/// <param name="Returned">Whether it was returned to meet the budget.</param>
public sealed record LayerRank(string Layer, double GainDb, bool Returned);
