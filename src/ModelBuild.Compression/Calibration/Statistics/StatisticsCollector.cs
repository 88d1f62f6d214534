using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Looks at the values of a float model on the samples: once for extremes, once more for histograms between them.
/// Memory is that of a few calls' segments and of the bins, whatever the number of samples.
/// </summary>
internal sealed class StatisticsCollector
{
    private readonly ValueObserver _observer;

    private StatisticsCollector(ValueObserver observer) => _observer = observer;

    /// <summary>The statistics of the asked values. What is not a float32 tensor, or not an input or a node's output of the main graph, is left out.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">What it runs on.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="threads">How many calls run side by side.</param>
    /// <param name="cancellationToken">Ends the runs.</param>
    /// <exception cref="CompressionException">MB1003: the model does not load; MB1019: there is no sample, or the model does not run on one.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Collect(
        OnnxModel model,
        ISampleSource samples,
        StatisticsRequest request,
        int threads,
        CancellationToken cancellationToken
    )
    {
        using var observer = new ValueObserver(model, samples, request.Tensors, threads, cancellationToken);
        return new StatisticsCollector(observer).Collect(request);
    }

    private Dictionary<string, TensorStatistics> Collect(StatisticsRequest request)
    {
        TensorStatistics[] statistics =
            request.Histograms && _observer.Tensors.All(request.Known.ContainsKey)
                ? [.. _observer.Tensors.Select(tensor => request.Known[tensor])]
                : Extremes(request);
        if (request.Histograms)
            Count(statistics);
        return _observer.Tensors.Index().ToDictionary(tensor => tensor.Item, tensor => statistics[tensor.Index], StringComparer.Ordinal);
    }

    private TensorStatistics[] Extremes(StatisticsRequest request)
    {
        ExtremesAccumulator[] extremes = [.. _observer.Tensors.Select(_ => new ExtremesAccumulator())];
        _observer.Pass(
            (_, i, values) => CallExtremes.Of(values.Floats, values.Shape, request.ChannelAxes.TryGetValue(_observer.Tensors[i], out var axis) ? axis : null),
            (i, call) => extremes[i].Add(call)
        );
        return Array.ConvertAll(extremes, tensor => tensor.Result());
    }

    private void Count(TensorStatistics[] statistics)
    {
        var counters = Array.ConvertAll(statistics, tensor => new BinCounter(tensor.Min, tensor.Max, isFinite: !tensor.HasUnfinite));
        _observer.Pass(
            (_, i, values) =>
            {
                counters[i].Add(values.Floats);
                return true;
            },
            (_, _) => { }
        );
        for (var i = 0; i < statistics.Length; i++)
            statistics[i] = statistics[i] with { Histogram = counters[i].Counts };
    }
}
