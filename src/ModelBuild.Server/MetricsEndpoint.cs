using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime;
using Prometheus;

namespace ModelBuild.Server;

/// <summary>
/// Answers <c>GET /metrics</c> with the counts of requests, the durations of requests and the durations of runs, in the text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Dots in the names of metrics and labels are underscores there.
/// </summary>
internal sealed class MetricsEndpoint : IDisposable
{
    private const string AspNetMeter = "Microsoft.AspNetCore.Hosting";

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _metrics;
    private readonly MeterListener _listener = new();

    public MetricsEndpoint()
    {
        _metrics = Metrics.WithCustomRegistry(_registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is ModelTelemetry.Name or AspNetMeter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

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

    // Records a value of an instrument. A metric of the same name and labels is used again if it exists. The values of labels are the names of models and
    // providers, statuses, protocols and routes, whose number is limited.
    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (labels, values) = (new string[tags.Length], new string[tags.Length]);
        for (var i = 0; i < tags.Length; i++)
            (labels[i], values[i]) = (Underscores(tags[i].Key), Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        var (name, help) = (Underscores(instrument.Name), instrument.Description ?? "");
        if (instrument is Counter<long>)
            _metrics.CreateCounter(name, help, labels).WithLabels(values).Inc(value);
        else if (instrument is UpDownCounter<long>)
            _metrics.CreateGauge(name, help, labels).WithLabels(values).Inc(value);
        else
            _metrics.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = Buckets(instrument) }).WithLabels(values).Observe(value);
    }

    // Returns the limits of the buckets that the instrument advises.
    private static double[]? Buckets(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } limits } => [.. limits],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } limits } => [.. limits.Select(limit => (double)limit)],
            _ => null,
        };

    private static string Underscores(string name) => name.Replace('.', '_');
}
