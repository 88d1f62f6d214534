namespace ModelBuild.Compression.Work;

/// <summary>The kind of the trials of a search, and the work that they take.</summary>
/// <param name="Kind">The words for one trial.</param>
/// <param name="Count">The number of trials; null where it is not known.</param>
/// <param name="Each">The multiply-adds that count for one trial.</param>
/// <param name="Total">The sum that bounds them, or that they are estimated to take; 0 where they are not counted.</param>
internal sealed record TrialWork(string Kind, int? Count = null, double Each = 0, double Total = 0)
{
    /// <summary>Whether the total of multiply-adds is an estimate and not a bound.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>Whether the count is a limit, so that fewer trials may run.</summary>
    public bool IsLimit { get; init; }
}
