using System.Diagnostics;

namespace ModelBuild.Benchmarks;

/// <summary>
/// Measures ways to do the same thing against each other. The ways take turns in short rounds, so that whatever the machine
/// does meanwhile meets all of them; figures are medians over the rounds, ratios are medians of each round's ratio to the first.
/// </summary>
internal static class Interleaved
{
    private const int MostRounds = 301;
    private const int FewestRounds = 5;
    private const double SecondsPerTurn = 0.003;
    private const double SecondsAltogether = 6;

    /// <summary>Measures ways to do the same thing.</summary>
    /// <param name="ways">The ways. Ratios are to the first.</param>
    /// <param name="seconds">The time that all rounds take together.</param>
    public static IReadOnlyList<Measurement> Measure(IReadOnlyList<(string Name, Action Call)> ways, double seconds = SecondsAltogether)
    {
        var calls = new int[ways.Count];
        var secondsPerRound = 0.0;
        for (var i = 0; i < ways.Count; i++)
        {
            // Through all tiers of the compiler, then as many calls as fill a turn.
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
        for (var turn = 0; turn < ways.Count; turn++)
        {
            var i = (turn + round) % ways.Count;
            nanoseconds[i][round] = Turn(ways[i].Call, calls[i]);
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

    private static double Turn(Action call, int calls)
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
