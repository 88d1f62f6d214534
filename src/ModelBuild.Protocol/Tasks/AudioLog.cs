namespace ModelBuild.Protocol;

/// <summary>The step that takes the logarithm.</summary>
/// <param name="Kind">The logarithm.</param>
/// <param name="Floor">The least value before the logarithm, or what is added to each value.</param>
/// <param name="IsAdded">Whether <paramref name="Floor"/> is added.</param>
/// <param name="Range">Values that are farther below the maximum of the recording are raised to that distance; null for no such limit.</param>
internal sealed record AudioLog(AudioLogKind Kind, double Floor, bool IsAdded, double? Range);
