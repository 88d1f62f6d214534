using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime;
using Prometheus;

namespace ModelBuild.Server;

/// <summary>
/// Answers <c>GET /metrics</c> with the counts of requests, the durations of requests and the durations of runs, in the text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Dots in the names of metrics are underscores there.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private const string AspNetMeter = "Microsoft.AspNetCore.Hosting";

    // The values of a label are the names of models, statuses and protocols, whose number is limited. They are never removed, because a counter that begins
    // at zero again would look like a restart of the server.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(10_000);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _listener;

    public MetricsEndpoint() =>
        _listener = MeterAdapter.StartListening(
            new MeterAdapterOptions
            {
                Registry = _registry,
                MetricsExpireAfter = Kept,
                InstrumentFilterPredicate = instrument => instrument.Meter.Name is ModelTelemetry.Name or AspNetMeter,
                ResolveHistogramBuckets = Buckets,
            }
        );

    /// <summary>Adds the endpoint.</summary>
    public static void Map(WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<MetricsEndpoint>();
        app.MapGet("/metrics", metrics.AnswerAsync);
    }

    public void Dispose() => _listener.Dispose();

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        return _registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }

    // The limits that the instrument itself advises.
    private static double[] Buckets(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } limits } => [.. limits],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } limits } => [.. limits.Select(limit => (double)limit)],
            _ => MeterAdapterOptions.DefaultHistogramBuckets,
        };
}
