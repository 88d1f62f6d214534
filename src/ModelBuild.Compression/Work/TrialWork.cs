namespace ModelBuild.Compression.Work;

/// <summary>What the trials of a choice are, and what they take.</summary>
/// <param name="Kind">What one is, in words.</param>
/// <param name="Each">The multiply-adds that count for one.</param>
/// <param name="Total">The sum that bounds them, or that they are estimated to take.</param>
/// <param name="IsEstimate">Whether the sum is an estimate rather than a bound.</param>
internal sealed record TrialWork(string Kind, double Each, double Total, bool IsEstimate = false);
