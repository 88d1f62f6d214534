using System.Diagnostics;

namespace ModelBuild.Runtime.Tests.Support;

/// <summary>Counts the runs that have begun, in tests of the collection <see cref="ProcessWide"/>.</summary>
internal sealed class StartedRuns : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public StartedRuns()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ModelTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Interlocked.Increment(ref _count),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
