using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ModelBuild.Runtime;

/// <summary>
/// What runs of models tell: an <see cref="ActivitySource"/> and a <see cref="Meter"/> named <see cref="Name"/>, worded as OpenTelemetry's conventions ask (durations in
/// seconds, a low-cardinality <c>error.type</c> on what failed). Nothing is measured while nobody listens.
/// </summary>
public static class ModelTelemetry
{
    /// <summary>The name of source and meter: <c>ModelBuild</c>.</summary>
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
        "How long runs of models take.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        }
    );

    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram(
        "modelbuild.batch.size",
        "{row}",
        "How many rows the runs of batchers have.",
        tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] }
    );

    private static readonly UpDownCounter<long> QueueLength = Meter.CreateUpDownCounter<long>(
        "modelbuild.queue.length",
        "{call}",
        "How many calls wait in batchers."
    );

    /// <summary>Whether anybody listens to runs.</summary>
    internal static bool IsOn => Duration.Enabled || Source.HasListeners();

    /// <summary>Begins a run; null when nobody traces.</summary>
    internal static Activity? Start(ModelContract contract)
    {
        var activity = Source.StartActivity("run " + contract.Name);
        activity?.SetTag(ModelKey, contract.Name);
        return activity;
    }

    /// <summary>Ends a run.</summary>
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

    /// <summary>A batcher begins a run with these rows.</summary>
    internal static void Gathered(ModelContract contract, int rows)
    {
        if (BatchSize.Enabled)
            BatchSize.Record(rows, new KeyValuePair<string, object?>(ModelKey, contract.Name));
    }

    /// <summary>The queue of a batcher has grown or become shorter.</summary>
    internal static void Queued(ModelContract contract, int calls) => QueueLength.Add(calls, new KeyValuePair<string, object?>(ModelKey, contract.Name));
}
