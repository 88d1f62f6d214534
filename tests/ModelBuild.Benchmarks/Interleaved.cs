using System.Diagnostics;

namespace ModelBuild.Benchmarks;

/// <summary>
/// Compares the times of several implementations. They alternate in short rounds, so that other work on the machine affects all of them. Figures are
/// medians over the rounds, and ratios are medians of the ratio to the first implementation in each round.
/// </summary>
internal static class Interleaved
{
    private const int MostRounds = 301;
    private const int FewestRounds = 5;
    private const double SecondsPerTurn = 0.003;
    private const double SecondsAltogether = 6;

    /// <summary>Measures several implementations of one operation.</summary>
    /// <param name="ways">The implementations. Ratios are relative to the first one.</param>
    /// <param name="seconds">The total time of all rounds.</param>
    public static IReadOnlyList<Measurement> Measure(IReadOnlyList<(string Name, Action Call)> ways, double seconds = SecondsAltogether)
    {
        var calls = new int[ways.Count];
        var secondsPerRound = 0.0;
        for (var i = 0; i < ways.Count; i++)
        {
            // The first calls let the compiler reach its last tier. The number of calls in one round follows from their time.
            var warm = Stopwatch.StartNew();
            var count = 0;
            for (; warm.Elapsed.TotalSeconds < 0.6; count++)
                ways[i].Call();
            var each = warm.Elapsed.TotalSeconds / count;
            calls[i] = Math.Max(1, (int)(SecondsPerTurn / each));
            secondsPerRound += calls[i] * each;
        }

        var rounds = Math.Clamp((int)(seconds / secondsPerRound), FewestRounds, MostRounds);

        var nanoseconds = new double[ways.Count][];
        for (var i = 0; i < ways.Count; i++)
            nanoseconds[i] = new double[rounds];
        for (var round = 0; round < rounds; round++)
        for (var position = 0; position < ways.Count; position++)
        {
            var i = (position + round) % ways.Count;
            nanoseconds[i][round] = TimeOfCall(ways[i].Call, calls[i]);
        }

        return
        [
            .. ways.Select(
                (way, i) =>
                    new Measurement(
                        way.Name,
                        Median(nanoseconds[i]),
                        Median([.. nanoseconds[i].Zip(nanoseconds[0], (mine, first) => mine / first)]),
                        Bytes(way.Call, calls[i])
                    )
            ),
        ];
    }

    private static double TimeOfCall(Action call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
    }

    private static double Bytes(Action call, int calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
            call();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
