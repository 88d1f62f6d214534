using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Tests the measurements that a listener of telemetry receives.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TelemetryTests
{
    private const string Model = "ModelBuild.Runtime.Tests.Models.ScalarModel";

    [Fact]
    public async Task Runs_are_measured_and_traced()
    {
        var measured = new List<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ModelTelemetry.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.Start();
        var activities = new List<Activity>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ModelTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(traces);

        using (var model = ScalarModel.Load(TinyModels.Scalar()))
        {
            model.Run([1, 2], 3).Dispose();
            Assert.Throws<ObjectDisposedException>(() =>
            {
                model.Dispose();
                model.WarmUp();
            });
        }

        using (var failing = ScalarModel.Fake(_ => throw new TimeoutException()))
            Assert.Throws<TimeoutException>(() => failing.Run([1], 2));
        using (var mlp = PairModel.Load(TinyModels.Pair()))
        await using (var batcher = mlp.OpenBatcher())
            (await batcher.RunAsync(new float[6], new float[6], length: 3, TestContext.Current.CancellationToken)).Dispose();

        // Runs of other tests go on; what they tell is not waited for.
        meters.Dispose();
        traces.Dispose();
        var durations = measured.Where(item => item.Name == "modelbuild.run.duration" && item.Tags["modelbuild.model"] is Model).ToArray();
        Assert.Equal(2, durations.Length);
        Assert.InRange(durations[0].Value, 1e-9, 60);
        Assert.Equal("cpu", durations[0].Tags["modelbuild.provider"]);
        Assert.False(durations[0].Tags.ContainsKey("error.type"));
        Assert.Equal("System.TimeoutException", durations[1].Tags["error.type"]);
        var traced = activities.Where(activity => activity.OperationName == $"run {Model}").ToArray();
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], traced.Select(activity => activity.Status));
        Assert.Equal("System.TimeoutException", traced[1].GetTagItem("error.type"));
        Assert.Contains(measured, item => item.Name == "modelbuild.batch.size" && item.Value == 2);
        Assert.Contains(measured, item => item.Name == "modelbuild.queue.length" && item.Value == 1);
        Assert.Contains(measured, item => item.Name == "modelbuild.queue.length" && item.Value == -1);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var copy = tags.ToArray().ToDictionary();
            lock (measured)
                measured.Add((instrument.Name, value, copy));
        }
    }
}
