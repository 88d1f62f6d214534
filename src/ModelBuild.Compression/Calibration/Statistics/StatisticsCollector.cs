using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Runs the float model on the samples and looks at its values while they are there: once for extremes, once more for histograms between them.
/// Memory is that of a few calls' segments and of the bins, whatever the number of samples.
/// </summary>
internal sealed class StatisticsCollector
{
    private readonly ISampleSource _samples;
    private readonly SegmentedModel _model;
    private readonly string[] _tensors;
    private readonly int _threads;
    private readonly CancellationToken _cancellationToken;

    private StatisticsCollector(ISampleSource samples, SegmentedModel model, IEnumerable<string> inputs, int threads, CancellationToken cancellationToken)
    {
        (_samples, _model, _threads, _cancellationToken) = (samples, model, model.Parallelism(threads), cancellationToken);
        _tensors = [.. inputs, .. model.Tensors];
    }

    private delegate T Look<T>(int tensor, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);

    /// <summary>The statistics of the asked values. What is not a float32 tensor, or not an input or a node's output of the main graph, is left out.</summary>
    /// <exception cref="CompressionException">MB1003: the model does not load; MB1019: there is no sample, or the model does not run on one.</exception>
    public static IReadOnlyDictionary<string, TensorStatistics> Collect(
        OnnxModel model, ISampleSource samples, StatisticsRequest request, int threads, CancellationToken cancellationToken)
    {
        var graph = model.Proto.Graph;
        var asked = request.Tensors.ToHashSet(StringComparer.Ordinal);
        var inputs = graph.Input.Where(input => input.Type?.TensorType?.ElemType == (int)DataType.Float && asked.Contains(input.Name))
            .Select(input => input.Name);
        using var segmented = Open(model, [.. graph.Node.SelectMany(node => node.Output).Where(asked.Contains)], samples, cancellationToken);
        try
        {
            return new StatisticsCollector(samples, segmented, inputs, threads, cancellationToken).Collect(request);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.CalibrationData, $"The model does not run on the calibration data: {Sessions.Reason(exception)}", inner: exception);
        }
    }

    private static SegmentedModel Open(OnnxModel model, HashSet<string> values, ISampleSource samples, CancellationToken cancellationToken)
    {
        var first = samples.Read(cancellationToken).FirstOrDefault()
            ?? throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        values.Remove("");
        try
        {
            return new SegmentedModel(model, values, first, SegmentedModel.DefaultBytes, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime does not load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }

    private Dictionary<string, TensorStatistics> Collect(StatisticsRequest request)
    {
        var extremes = Array.ConvertAll(_tensors, _ => new ExtremesAccumulator());
        Pass(
            (i, values, shape) => CallExtremes.Of(values, shape, request.ChannelAxes.TryGetValue(_tensors[i], out var axis) ? axis : null),
            (i, call) => extremes[i].Add(call));
        BinCounter[]? counters = null;
        if (request.Histograms)
        {
            counters = Array.ConvertAll(extremes, tensor => new BinCounter(tensor.Min, tensor.Max, tensor.IsFinite));
            Pass(
                (i, values, _) =>
                {
                    counters[i].Add(values);
                    return true;
                },
                (_, _) => { });
        }

        return _tensors.Index()
            .ToDictionary(tensor => tensor.Item, tensor => extremes[tensor.Index].Result(counters?[tensor.Index].Counts), StringComparer.Ordinal);
    }

    private void Pass<T>(Look<T> look, Action<int, T> add) => OrderedCalls.Run(
        _samples.Read(_cancellationToken),
        _threads,
        sample => Call(sample, look),
        results =>
        {
            foreach (var (i, result) in results)
                add(i, result);
        });

    private List<(int Tensor, T Result)> Call<T>(Sample sample, Look<T> look)
    {
        var indices = _tensors.Index().ToDictionary(tensor => tensor.Item, tensor => tensor.Index, StringComparer.Ordinal);
        var results = new List<(int, T)>();
        // An optional input need not be there in each call.
        foreach (var name in _tensors.Where(sample.Inputs.ContainsKey))
            if (sample.Inputs[name] is { Type: DataType.Float } array)
                results.Add((indices[name], look(indices[name], array.Floats, array.Shape)));
        _model.Run(
            sample,
            (name, value) =>
            {
                var shape = value.GetTensorTypeAndShape().Shape;
                results.Add((indices[name], look(indices[name], SampleArray.Count(shape) == 0 ? [] : value.GetTensorDataAsSpan<float>(), shape)));
            },
            _cancellationToken);
        return results;
    }
}
