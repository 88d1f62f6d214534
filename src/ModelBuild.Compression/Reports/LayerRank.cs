namespace ModelBuild.Compression.Reports;

/// <summary>The gain of restoring one layer, or a part of it, to float.</summary>
/// <param name="Layer">The name of the node, or several names if neighbours of a large model are ranked together.</param>
/// <param name="Part">
/// <c>activations</c> if the layer computes in float with int8 weights, <c>weights</c> if its weights are float as well, and <c>layer</c> for both at once.
/// </param>
/// <param name="GainDb">
/// The gain in dB of the worst output's SQNR on held-out samples if only this part is restored. The gain of weights refers to a model whose activations are
/// all restored.
/// </param>
/// <param name="Returned">Whether the part was restored to meet the budget.</param>
public sealed record LayerRank(string Layer, string Part, double GainDb, bool Returned);
