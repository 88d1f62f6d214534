namespace ModelBuild.Compression.Verification;

/// <summary>A value that a Concat node joins into an output.</summary>
/// <param name="Value">The name of the value.</param>
/// <param name="Ranges">The position of the value in the output.</param>
/// <param name="Map">The axes of the output that the value's axes correspond to.</param>
/// <param name="IsProbability">Whether a sigmoid computes probabilities from the value before or after the Concat node.</param>
internal sealed record JoinedPart(string Value, IReadOnlyList<PartRange> Ranges, AxisMap Map, bool IsProbability);
