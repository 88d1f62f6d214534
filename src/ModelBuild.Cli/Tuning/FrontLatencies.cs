using ModelBuild.Cli.Measuring;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Profiling;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Measures the latencies of points of the front on this machine, each in turns with the original, on one thread and on all.</summary>
/// <param name="settings">The model and its data.</param>
/// <param name="onnxRuntime">The folder of the ONNX Runtime that the command line names; null for none.</param>
internal sealed class FrontLatencies(StudySettings settings, string? onnxRuntime) : IDisposable
{
    // The time of the calls of one pair of models with one number of threads, in seconds.
    private const double Seconds = 0.6;

    private static readonly int[] Threads = [1, 0];

    private readonly MeasuringProcess _child = new(onnxRuntime);
    private InputFolder? _inputs;

    /// <summary>Gets the approximate time that one point takes.</summary>
    public static TimeSpan TimeOfPoint { get; } = TimeSpan.FromSeconds(Threads.Length * (Seconds + 2));

    /// <summary>Measures the latencies of a point of the front.</summary>
    /// <param name="point">The point.</param>
    /// <param name="model">The path of its model.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The point with its latencies; without them if it cannot be measured.</returns>
    public StudyPoint Measure(StudyPoint point, string model, CancellationToken cancellationToken)
    {
        try
        {
            _inputs ??= new InputFolder(settings.Model, TimedInputs.Find(settings.Model, settings.Data, DescribedInputs.None, rows: null, cancellationToken));
            return point with { Latencies = [.. Threads.Select(threads => Measure(model, _inputs, threads, cancellationToken))] };
        }
        catch (Exception exception) when (exception is CompressionException or IOException)
        {
            // A point that cannot be measured is returned without latencies, so that the result of the search is not lost.
            return point;
        }
    }

    public void Dispose() => _inputs?.Dispose();

    private PointLatency Measure(string model, InputFolder files, int threads, CancellationToken cancellationToken)
    {
        var request = new MeasureRequest
        {
            Models = [settings.Model, model],
            Inputs = files.Paths,
            Provider = ProviderNames.Cpu,
            Threads = threads,
            Seconds = Seconds,
        };
        var times = _child.Run(request, cancellationToken).Models;
        return new PointLatency(NumberList.ThreadText(threads), Entry(settings.Model, times[0]), Entry(model, times[1]));
    }

    private static LatencyEntry Entry(string model, ModelTimes times) => new(model, times.Latency, times.Ratio);
}
