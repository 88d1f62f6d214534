namespace ModelBuild.Runtime.Detections;

/// <summary>
/// Removes boxes that overlap a box with a higher score: the boxes are processed in descending order of their scores, and each one removes those after it whose
/// overlap is greater than the limit. The result is that of torchvision's <c>nms</c> and <c>batched_nms</c>.
/// </summary>
internal static class NonMaxSuppression
{
    /// <summary>Returns the boxes that remain, in descending order of their scores.</summary>
    /// <param name="candidates">The boxes. Boxes with equal scores keep their order.</param>
    /// <param name="maxOverlap">The largest overlap; null to keep all boxes.</param>
    /// <param name="isAcrossClasses">Whether boxes of different classes remove each other.</param>
    /// <param name="limit">The largest number of boxes that remain.</param>
    public static List<Candidate> Run(List<Candidate> candidates, float? maxOverlap, bool isAcrossClasses, int limit)
    {
        var kept = new List<Candidate>();
        // LINQ's OrderByDescending is used because it is a stable sort, whereas List.Sort is not stable.
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score))
        {
            if (kept.Count == limit)
                break;
            if (maxOverlap is not { } limitOfOverlap || !IsCovered(candidate, kept, limitOfOverlap, isAcrossClasses))
                kept.Add(candidate);
        }

        return kept;
    }

    private static bool IsCovered(in Candidate candidate, List<Candidate> kept, float maxOverlap, bool isAcrossClasses)
    {
        foreach (ref readonly var other in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept))
            if ((isAcrossClasses || other.Class == candidate.Class) && other.Box.Overlap(candidate.Box) > maxOverlap)
                return true;
        return false;
    }
}
