using System.Diagnostics.Metrics;
using System.Globalization;
using ModelBuild.Runtime;

namespace ModelBuild.Serving.Telemetry;

/// <summary>
/// Counts the requests of a server with the meter <see cref="ModelTelemetry.Name"/>. The durations of requests are in the metrics of ASP.NET Core, and those of
/// runs in <c>modelbuild.run.duration</c>.
/// </summary>
internal sealed class ServingTelemetry : IDisposable
{
    private readonly Meter _meter = new(ModelTelemetry.Name, typeof(ServingTelemetry).Assembly.GetName().Version!.ToString(3));
    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _active;

    public ServingTelemetry()
    {
        _requests = _meter.CreateCounter<long>("modelbuild.server.requests", "{request}", "Number of inference requests by model, protocol and status.");
        _active = _meter.CreateUpDownCounter<long>("modelbuild.server.active_requests", "{request}", "Number of inference requests in progress.");
    }

    public void Begin(string protocol) => _active.Add(1, Protocol(protocol));

    /// <summary>Counts a request that has ended.</summary>
    /// <param name="protocol"><c>http</c> or <c>grpc</c>.</param>
    /// <param name="model">The name of the model; null when the server has no model of this name, because a name that a caller invents is not recorded.</param>
    /// <param name="status">The HTTP status.</param>
    public void End(string protocol, string? model, int status)
    {
        _active.Add(-1, Protocol(protocol));
        if (_requests.Enabled)
            _requests.Add(
                1,
                new KeyValuePair<string, object?>("modelbuild.model", model ?? ""),
                Protocol(protocol),
                new KeyValuePair<string, object?>("http.response.status_code", status.ToString(CultureInfo.InvariantCulture))
            );
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Protocol(string protocol) => new("network.protocol.name", protocol);
}
