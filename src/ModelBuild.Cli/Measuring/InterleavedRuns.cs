using System.Diagnostics;
using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>
/// Times models in turns, so that other work on the machine affects all of them. Each turn of a model has as many calls as take some milliseconds. The ratio
/// of two models is computed from turns that follow each other.
/// </summary>
internal static class InterleavedRuns
{
    private const double WarmUpSeconds = 0.3;
    private const double SecondsPerTurn = 0.003;
    private const int MinRounds = 5;

    /// <summary>Returns the times of the calls of each model, and its ratio to the first model.</summary>
    /// <param name="models">The models, which are loaded.</param>
    /// <param name="seconds">The time of all rounds. There are at least five.</param>
    /// <param name="cancellationToken">Cancels the work between two calls.</param>
    public static IReadOnlyList<(LatencyFigures Latency, RatioFigures Ratio)> Measure(
        IReadOnlyList<TimedModel> models,
        double seconds,
        CancellationToken cancellationToken
    )
    {
        int[] calls = [.. models.Select(model => CallsPerTurn(model, cancellationToken))];
        var times = models.Select(_ => new List<double>()).ToArray();
        var turns = models.Select(_ => new List<double>()).ToArray();
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < MinRounds || clock.Elapsed.TotalSeconds < seconds; round++)
        for (var position = 0; position < models.Count; position++)
        {
            // Each round starts with another model, because the content of the CPU caches at the start of a round depends on the last model of the previous
            // round.
            var place = (position + round) % models.Count;
            var turn = 0.0;
            for (var call = 0; call < calls[place]; call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var time = models[place].Run(times[place].Count);
                times[place].Add(time);
                turn += time;
            }

            turns[place].Add(turn / calls[place]);
        }

        return [.. models.Select((_, i) => (LatencyFigures.Of(times[i]), RatioFigures.Of(turns[0], turns[i])))];
    }

    private static int CallsPerTurn(TimedModel model, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var count = 0;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Run(count++);
        } while (clock.Elapsed.TotalSeconds < WarmUpSeconds);
        // Returns the number of calls of one turn. Different inputs may take different times, so a turn runs each input equally often if there is time for
        // all of them.
        var fitting = SecondsPerTurn / clock.Elapsed.TotalSeconds * count;
        return fitting < model.Calls ? Math.Max(1, (int)fitting) : (int)(fitting / model.Calls) * model.Calls;
    }
}
