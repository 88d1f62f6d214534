using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tuning;

/// <summary>Chooses a point of the front for a goal and limits of size and latency.</summary>
/// <param name="Goal">What the study is for.</param>
/// <param name="MaxBytes">The largest size; null for no limit.</param>
/// <param name="MaxMilliseconds">The largest median latency; null for no limit.</param>
internal sealed record Selection(TuneGoal Goal, long? MaxBytes, double? MaxMilliseconds)
{
    /// <summary>Whether a result whose latency was not measured counts as beyond the limit of the latency. While a study runs, it does not.</summary>
    public bool NeedsMeasurement { get; init; }

    /// <summary>Returns the best point within the budget and the limits; null if there is none.</summary>
    /// <param name="points">The results with their times: the median latency in milliseconds and its ratio to the original, if they were measured.</param>
    public int? Best(IReadOnlyList<(TrialResult Result, double? Milliseconds, double? Ratio)> points)
    {
        // If any point was measured, only measured times are compared, because a prediction is not comparable with a measurement. Before the first measurement,
        // predictions are compared.
        var isTimed = points.Any(point => point.Ratio is not null);
        var needsTime = Goal != TuneGoal.Size || MaxMilliseconds is not null;
        return points
            .Index()
            .Where(point => IsAllowed(point.Item.Result, point.Item.Milliseconds) && (!isTimed || !needsTime || point.Item.Ratio is not null))
            .OrderBy(point => Figure(point.Item.Result, point.Item.Ratio))
            .ThenByDescending(point => point.Item.Result.SqnrDb)
            .ThenBy(point => point.Index)
            .Select(point => (int?)point.Index)
            .FirstOrDefault();
    }

    /// <summary>
    /// Returns the order in which results are timed: first those that may be chosen, from the best predicted one on. If the latency is limited, the fastest
    /// predicted ones alternate with them, because the best of another figure may be too slow.
    /// </summary>
    public IEnumerable<int> ToTime(IReadOnlyList<TrialResult> results)
    {
        var best = InOrder(i => Goal == TuneGoal.Size ? results[i].Bytes : Figure(results[i], ratio: null));
        return MaxMilliseconds is null
            ? best
            : best.Zip(InOrder(i => Front.Time(results[i])), (one, other) => new[] { one, other }).SelectMany(pair => pair).Distinct();

        int[] InOrder(Func<int, double> figure) =>
            [.. Enumerable.Range(0, results.Count).OrderByDescending(i => IsAllowed(results[i], milliseconds: null)).ThenBy(figure)];
    }

    private bool IsAllowed(TrialResult result, double? milliseconds) =>
        result.IsWithinBudget
        && (MaxBytes is not { } bytes || result.Bytes <= bytes)
        && (MaxMilliseconds is not { } limit || (milliseconds is { } measured ? measured <= limit : !NeedsMeasurement));

    private double Figure(TrialResult result, double? ratio)
    {
        var time = ratio ?? Front.Time(result);
        return Goal switch
        {
            TuneGoal.Size => result.Bytes,
            TuneGoal.Speed => time,
            TuneGoal.Balanced => result.Bytes * time,
            _ => throw new InvalidOperationException($"There is no goal {Goal}."),
        };
    }
}
