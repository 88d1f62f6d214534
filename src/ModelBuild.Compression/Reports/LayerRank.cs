using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>The gain of moving one layer, or a part of it, back to float.</summary>
/// <param name="Layer">The node's name; several names where the model is so large that neighbours were ranked together.</param>
/// <param name="Part">The part of the layer.</param>
/// <param name="GainDb">
/// By how much the worst output's SQNR rises on held-out samples when only this is moved back, in dB. Weights are measured on the model of which all
/// activations have been moved back.
/// </param>
/// <param name="Returned">Whether it was moved back to meet the budget.</param>
internal sealed record LayerRank(string Layer, [property: JsonConverter(typeof(CamelCaseEnum<LayerPart>))] LayerPart Part, double GainDb, bool Returned);
