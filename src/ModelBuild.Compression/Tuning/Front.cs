using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tuning;

/// <summary>
/// The results that no other result dominates: none is as good in each of bytes, predicted time (multiply-adds if the target has no costs) and SQNR, and
/// better in one. A result beyond the budget does not dominate one within it.
/// </summary>
internal static class Front
{
    /// <summary>Returns the indices of the results on the front, in the order of their bytes.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<TrialResult> results) =>
        [
            .. Enumerable
                .Range(0, results.Count)
                .Where(i => !results.Index().Any(other => Dominates(other.Item, results[i]) || (other.Index < i && IsEqual(other.Item, results[i]))))
                .OrderBy(i => results[i].Bytes)
                .ThenByDescending(i => results[i].SqnrDb),
        ];

    /// <summary>Returns whether one result is as good as another in each figure, and better in one.</summary>
    public static bool Dominates(TrialResult one, TrialResult other) =>
        (one.IsWithinBudget || !other.IsWithinBudget)
        && one.Bytes <= other.Bytes
        && Time(one) <= Time(other)
        && one.SqnrDb >= other.SqnrDb
        && !IsEqual(one, other);

    /// <summary>Returns the figure by which the time of results is compared: the predicted time, or the multiply-adds without a prediction.</summary>
    public static double Time(TrialResult result) => result.PredictedTime ?? result.MultiplyAdds;

    private static bool IsEqual(TrialResult one, TrialResult other) =>
        one.Bytes == other.Bytes && Time(one) == Time(other) && one.SqnrDb == other.SqnrDb && one.IsWithinBudget == other.IsWithinBudget;
}
