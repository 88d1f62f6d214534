using System.Diagnostics.Metrics;
using ModelBuild.Runtime;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>The counter of requests by model, protocol and status, of all servers of the process.</summary>
internal sealed class RequestCounts : IDisposable
{
    private readonly Dictionary<(string, string, string), long> _counts = [];
    private readonly MeterListener _listener;

    public RequestCounts()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ModelTelemetry.Name && instrument.Name == "modelbuild.server.requests")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
            {
                var key = ((string)tags[0].Value!, (string)tags[1].Value!, (string)tags[2].Value!);
                lock (_counts)
                    _counts[key] = _counts.GetValueOrDefault(key) + value;
            }
        );
        _listener.Start();
    }

    public long this[string model, string protocol, string status]
    {
        get
        {
            lock (_counts)
                return _counts.GetValueOrDefault((model, protocol, status));
        }
    }

    public void Dispose() => _listener.Dispose();
}
