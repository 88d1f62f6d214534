using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Runs the float model on the samples and looks at its values while they are there: once for extremes, once more for histograms between them.
/// Memory is that of a call and of the bins, whatever the number of samples.
/// </summary>
internal sealed class StatisticsCollector
{
    private readonly ISampleSource _samples;
    private readonly StatisticsRequest _request;
    private readonly int _threads;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, TensorStatistics> _statistics = new(StringComparer.Ordinal);

    private StatisticsCollector(ISampleSource samples, StatisticsRequest request, int threads, CancellationToken cancellationToken) =>
        (_samples, _request, _threads, _cancellationToken) = (samples, request, threads, cancellationToken);

    private delegate T Look<T>(int tensor, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);

    /// <summary>The statistics of the asked values. What is not a float32 tensor, or not an input or a node's output of the main graph, is left out.</summary>
    /// <exception cref="CompressionException">MB1003: the model does not load; MB1019: there is no sample, or the model does not run on one.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Collect(
        OnnxModel model, ISampleSource samples, StatisticsRequest request, int threads, CancellationToken cancellationToken)
    {
        var collector = new StatisticsCollector(samples, request, threads, cancellationToken);
        try
        {
            collector.Collect(model);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.CalibrationData, $"The model does not run on the calibration data: {Sessions.Reason(exception)}", inner: exception);
        }

        return collector._statistics;
    }

    private void Collect(OnnxModel model)
    {
        var first = _samples.Read(_cancellationToken).FirstOrDefault()
            ?? throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        var asked = _request.Tensors.ToHashSet(StringComparer.Ordinal);
        var graph = model.Proto.Graph;
        CollectGroup(null, [.. graph.Input.Where(input => input.Type?.TensorType?.ElemType == (int)DataType.Float && asked.Contains(input.Name)).Select(input => input.Name)], _threads);
        string[] made = [.. graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0 && asked.Contains(value)).Distinct(StringComparer.Ordinal)];
        foreach (var group in TensorGroups.Plan(model, made, first))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var runner = Open(model, group);
            CollectGroup(runner, [.. group.Tensors.Where(runner.IsFloatTensor)], group.Parallelism(_threads));
        }
    }

    private ModelRunner Open(OnnxModel model, TensorGroup group)
    {
        try
        {
            return new ModelRunner(Sessions.OpenPortable(ObservedModel.Of(model, group.Tensors, _cancellationToken)));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime does not load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }

    private void CollectGroup(ModelRunner? runner, string[] tensors, int threads)
    {
        if (tensors.Length == 0)
            return;
        var extremes = Array.ConvertAll(tensors, _ => new ExtremesAccumulator());
        Pass(
            runner,
            tensors,
            threads,
            (i, values, shape) => CallExtremes.Of(values, shape, _request.ChannelAxes.TryGetValue(tensors[i], out var axis) ? axis : null),
            (i, call) => extremes[i].Add(call));
        BinCounter[]? counters = null;
        if (_request.Histograms)
        {
            counters = Array.ConvertAll(extremes, tensor => new BinCounter(tensor.Min, tensor.Max, tensor.IsFinite));
            Pass(
                runner,
                tensors,
                threads,
                (i, values, _) =>
                {
                    counters[i].Add(values);
                    return true;
                },
                (_, _) => { });
        }

        for (var i = 0; i < tensors.Length; i++)
            _statistics[tensors[i]] = extremes[i].Result(counters?[i].Counts);
    }

    private void Pass<T>(ModelRunner? runner, string[] tensors, int threads, Look<T> look, Action<int, T> add)
    {
        OrderedCalls.Run(
            _samples.Read(_cancellationToken),
            threads,
            sample => runner is null ? LookAtInputs(sample, tensors, look) : runner.Run(sample, tensors, results => LookAtResults(results, look), _cancellationToken),
            call =>
            {
                foreach (var (i, result) in call)
                    add(i, result);
            });
    }

    // An optional input need not be there in each call.
    private static List<(int Tensor, T Result)> LookAtInputs<T>(Sample sample, string[] tensors, Look<T> look)
    {
        var results = new List<(int, T)>();
        for (var i = 0; i < tensors.Length; i++)
            if (sample.Inputs.TryGetValue(tensors[i], out var array) && array.Type == DataType.Float)
                results.Add((i, look(i, MemoryMarshal.Cast<byte, float>(array.Data), array.Shape)));
        return results;
    }

    private static List<(int Tensor, T Result)> LookAtResults<T>(IReadOnlyCollection<OrtValue> values, Look<T> look)
    {
        var results = new List<(int, T)>();
        foreach (var (i, value) in values.Index())
        {
            var shape = value.GetTensorTypeAndShape().Shape;
            results.Add((i, look(i, SampleArray.Count(shape) == 0 ? [] : value.GetTensorDataAsSpan<float>(), shape)));
        }

        return results;
    }
}
