namespace ModelBuild.Compression.Verification;

/// <summary>A value that a Concat joins to an output.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Ranges">Where it lies in the output.</param>
/// <param name="Map">To which axes of the output its axes belong.</param>
/// <param name="IsProbability">Whether a sigmoid makes probabilities of it before it is joined or after.</param>
internal sealed record JoinedPart(string Value, IReadOnlyList<PartRange> Ranges, AxisMap Map, bool IsProbability);
