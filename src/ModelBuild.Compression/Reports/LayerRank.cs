namespace ModelBuild.Compression.Reports;

/// <summary>What returning one layer, or a part of it, to float gives back.</summary>
/// <param name="Layer">The node's name; several names where the model is so large that neighbours were ranked together.</param>
/// <param name="Part"><c>activations</c>: the layer computes in float, and its weights are stored in int8. <c>weights</c>: they are float as well. <c>layer</c>: both at once.</param>
/// <param name="GainDb">By how much the worst output's SQNR rises on held-out samples when this alone is returned, in dB; weights on the model of which all activations are returned.</param>
/// <param name="Returned">Whether it was returned to meet the budget.</param>
public sealed record LayerRank(string Layer, string Part, double GainDb, bool Returned);
