using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ModelBuild.Runtime;

/// <summary>
/// Provides traces and metrics of model runs: an <see cref="ActivitySource"/> and a <see cref="Meter"/> named <see cref="Name"/>. Names and units follow the
/// OpenTelemetry conventions: durations are in seconds, and failed runs have the tag <c>error.type</c>. Nothing is measured without a listener.
/// </summary>
public static class ModelTelemetry
{
    /// <summary>The name of the activity source and the meter: <c>ModelBuild</c>.</summary>
    public const string Name = "ModelBuild";

    private const string ModelKey = "modelbuild.model";
    private const string ProviderKey = "modelbuild.provider";
    private const string ErrorKey = "error.type";

    private static readonly string Version = typeof(ModelTelemetry).Assembly.GetName().Version!.ToString(3);
    private static readonly ActivitySource Source = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "modelbuild.run.duration",
        "s",
        "Duration of model runs.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        }
    );

    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram(
        "modelbuild.batch.size",
        "{row}",
        "Number of rows in the runs of batchers.",
        tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] }
    );

    private static readonly UpDownCounter<long> QueueLength = Meter.CreateUpDownCounter<long>(
        "modelbuild.queue.length",
        "{call}",
        "Number of calls that wait in batchers."
    );

    /// <summary>Gets whether a listener observes runs.</summary>
    internal static bool IsOn => Duration.Enabled || Source.HasListeners();

    /// <summary>Starts the activity of a run, in the sense of OpenTelemetry; null when no listener traces it.</summary>
    internal static Activity? Start(ModelContract contract)
    {
        var activity = Source.StartActivity("run " + contract.Name);
        activity?.SetTag(ModelKey, contract.Name);
        return activity;
    }

    /// <summary>Records the end of a run: its activity and its duration.</summary>
    internal static void Stop(Activity? activity, ModelContract contract, string? provider, TimeSpan duration, string? error)
    {
        if (Duration.Enabled)
        {
            var tags = new TagList { { ModelKey, contract.Name }, { ProviderKey, provider } };
            if (error is not null)
                tags.Add(ErrorKey, error);
            Duration.Record(duration.TotalSeconds, tags);
        }

        if (activity is null)
            return;
        activity.SetTag(ProviderKey, provider);
        if (error is not null)
            activity.SetTag(ErrorKey, error).SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }

    /// <summary>Records the number of rows of a batcher's run.</summary>
    internal static void Gathered(ModelContract contract, int rows)
    {
        if (BatchSize.Enabled)
            BatchSize.Record(rows, new KeyValuePair<string, object?>(ModelKey, contract.Name));
    }

    /// <summary>Records a change of the number of waiting calls.</summary>
    internal static void Queued(ModelContract contract, int calls) => QueueLength.Add(calls, new KeyValuePair<string, object?>(ModelKey, contract.Name));
}
