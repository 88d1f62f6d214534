namespace ModelBuild.Compression.Work;

/// <summary>The kind and the work of the trials of a search.</summary>
/// <param name="Kind">The name of one trial in messages.</param>
/// <param name="Each">The number of multiply-adds of one trial.</param>
/// <param name="Total">The limit of all multiply-adds, or their estimate.</param>
/// <param name="IsEstimate">Whether <paramref name="Total"/> is an estimate rather than a limit.</param>
internal sealed record TrialWork(string Kind, double Each, double Total, bool IsEstimate = false);
