using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// The share of a box that the points of a front within the budget dominate: a point dominates what has at least its bytes, at least its predicted time, and
/// at most its SQNR. The box reaches from nothing to the bytes and the time of the original, and from 0 to 60 dB. (Zitzler and Thiele 1998.)
/// </summary>
internal static class Hypervolume
{
    private const double MostDb = 60;

    /// <summary>Returns the share, from 0 to 1.</summary>
    /// <param name="points">
    /// The points, in any order. Points beyond the budget, and points with as many bytes or as much time as the original, count for nothing.
    /// </param>
    /// <param name="bytes">The size of the original in bytes.</param>
    public static double Of(IEnumerable<TrialResult> points, long bytes)
    {
        (double Bytes, double Time, double Height)[] inside =
        [
            .. points
                .Where(point => point.IsWithinBudget)
                .Select(point => (Bytes: (double)point.Bytes / bytes, Time: Front.Time(point), Height: Math.Clamp(point.SqnrDb / MostDb, 0, 1)))
                .Where(point => point is { Bytes: < 1, Time: < 1 })
                .OrderByDescending(point => point.Height),
        ];
        var volume = 0.0;
        for (var i = 0; i < inside.Length; i++)
        {
            // The space between the height of this point and that of the next one has the area of all points of at least this height.
            var below = i + 1 < inside.Length ? inside[i + 1].Height : 0;
            volume += (inside[i].Height - below) * Area(inside[..(i + 1)]);
        }

        return volume;
    }

    private static double Area((double Bytes, double Time, double Height)[] points)
    {
        var area = 0.0;
        var time = 1.0;
        foreach (var point in points.OrderBy(point => point.Bytes).ThenBy(point => point.Time))
            if (point.Time < time)
            {
                area += (1 - point.Bytes) * (time - point.Time);
                time = point.Time;
            }

        return area;
    }
}
