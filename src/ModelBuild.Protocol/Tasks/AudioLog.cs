namespace ModelBuild.Protocol;

/// <summary>Describes the step of an audio description that takes the logarithm of a spectrum.</summary>
/// <param name="Kind">The logarithm.</param>
/// <param name="Floor">The smallest value before the logarithm, or the number that is added to each value.</param>
/// <param name="IsAdded">Whether <paramref name="Floor"/> is added to each value.</param>
/// <param name="Range">Values that are farther below the maximum of the recording are raised to that distance; null for no such limit.</param>
internal sealed record AudioLog(AudioLogKind Kind, double Floor, bool IsAdded, double? Range);
