using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>Measures several models: the memory of each in a process of its own, and their times in turns in one process.</summary>
/// <param name="settings">The settings of the measurement.</param>
/// <param name="data">Files with real inputs; empty for synthetic inputs.</param>
/// <param name="described">The facts about values that synthetic inputs follow.</param>
internal sealed class ComparisonMeasurement(MeasuringSettings settings, IReadOnlyList<string> data, DescribedInputs described)
{
    private readonly MeasuringProcess _child = new(settings.OnnxRuntime);

    /// <summary>Measures the models.</summary>
    /// <returns>The times of each model in a process of its own, the times in turns, and the inputs.</returns>
    /// <exception cref="CompressionException">A model or its inputs cannot be used, or a child process crashed.</exception>
    public (IReadOnlyList<ModelTimes> Alone, IReadOnlyList<LatencyComparison> Turns, TimedInputFacts Inputs) Measure(
        IReadOnlyList<string> models,
        CancellationToken cancellationToken
    )
    {
        ModelTimes[]? alone = null;
        TimedInputFacts? facts = null;
        var turns = new List<LatencyComparison>();
        foreach (var batch in settings.Rows)
        {
            var inputs = TimedInputs.Find(models[0], data, described, batch, cancellationToken);
            facts ??= TimedInputFacts.Of(inputs);
            using var files = new InputFolder(models[0], inputs);
            alone ??= [.. models.Select(model => Run([model], files, settings.Threads[0], seconds: 0)[0])];
            foreach (var threads in settings.Threads)
            {
                var times = Run(models, files, threads, settings.Seconds);
                turns.Add(
                    new LatencyComparison(
                        NumberList.ThreadText(threads),
                        inputs.Rows,
                        [.. models.Zip(times, (model, time) => new LatencyEntry(model, time.Latency, time.Ratio))]
                    )
                );
            }
        }

        return (alone!, turns, facts!);

        IReadOnlyList<ModelTimes> Run(IReadOnlyList<string> paths, InputFolder files, int threads, double seconds) =>
            _child
                .Run(
                    new MeasureRequest
                    {
                        Models = paths,
                        Inputs = files.Paths,
                        Provider = settings.Provider,
                        Threads = threads,
                        Seconds = seconds,
                    },
                    cancellationToken
                )
                .Models;
    }
}
