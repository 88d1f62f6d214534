using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using ModelBuild.Runtime;

namespace DigitService;

/// <summary>
/// Formats the metrics of the models as text. A real service adds the meter to its OpenTelemetry exporter instead:
/// <c>metrics.AddMeter(ModelTelemetry.Name)</c>. The command <c>dotnet-counters monitor --counters ModelBuild</c> shows the metrics without any code.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    private readonly ConcurrentDictionary<string, (long Count, double Sum)> _sums = new();
    private readonly MeterListener _listener = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ModelTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    public override string ToString() =>
        string.Concat(
            _sums
                .OrderBy(item => item.Key)
                .Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} count {item.Value.Count} sum {item.Value.Sum}\n"))
        );

    private void Add(string name, double value) => _sums.AddOrUpdate(name, (1, value), (_, old) => (old.Count + 1, old.Sum + value));
}
