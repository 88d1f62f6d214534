using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Runs a float model on samples and passes the values inside it to callbacks. Memory holds the segments of a few calls, independent of the number of
/// samples.
/// </summary>
internal sealed class ValueObserver : IDisposable
{
    private readonly ISampleSource _samples;
    private readonly SegmentedModel _model;
    private readonly Dictionary<string, int> _indices;
    private readonly int _threads;
    private readonly CancellationToken _cancellationToken;

    /// <summary>Initializes an instance: loads the model so that the requested values can be read.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">The samples that the model runs on.</param>
    /// <param name="values">The requested values. Values that are not float32 tensors, or not inputs or node outputs of the main graph, are skipped.</param>
    /// <param name="threads">The number of parallel calls.</param>
    /// <param name="cancellationToken">Cancels the runs.</param>
    /// <exception cref="CompressionException">MB1003: the model does not load; MB1019: there is no sample.</exception>
    public ValueObserver(OnnxModel model, ISampleSource samples, IEnumerable<string> values, int threads, CancellationToken cancellationToken)
    {
        var graph = model.Proto.Graph;
        var asked = values.Where(value => value.Length > 0).ToHashSet(StringComparer.Ordinal);
        _model = Open(model, [.. graph.Node.SelectMany(node => node.Output).Where(asked.Contains)], samples, cancellationToken);
        (_samples, _threads, _cancellationToken) = (samples, _model.Parallelism(threads), cancellationToken);
        var inputs = graph.Input.Where(input => input.Type?.TensorType?.ElemType == (int)DataType.Float).Select(input => input.Name).Where(asked.Contains);
        Tensors = [.. inputs, .. _model.Tensors];
        _indices = Tensors.Index().ToDictionary(tensor => tensor.Item, tensor => tensor.Index, StringComparer.Ordinal);
    }

    /// <summary>Processes one value of a call. Several threads may call it at the same time.</summary>
    /// <param name="call">The sample of the call and its number.</param>
    /// <param name="tensor">The index of the value in <see cref="Tensors"/>.</param>
    /// <param name="values">The elements of the value.</param>
    public delegate T Look<T>((Sample Sample, int Number) call, int tensor, FloatView values);

    /// <summary>The names of the observed values.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>Runs the model on the samples and passes the observed values to callbacks.</summary>
    /// <param name="look">Processes each value of each call on any thread.</param>
    /// <param name="add">Receives the index of a value and the result of <paramref name="look"/>, in the order of the calls.</param>
    /// <param name="mostCalls">The largest number of calls.</param>
    /// <exception cref="CompressionException">MB1019: the model does not run on a sample.</exception>
    public void Pass<T>(Look<T> look, Action<int, T> add, int mostCalls = int.MaxValue)
    {
        try
        {
            OrderedCalls.Run(
                _samples.Read(_cancellationToken).Take(mostCalls).Select((sample, number) => (sample, number)),
                _threads,
                call => Call(call, look),
                results =>
                {
                    foreach (var (i, result) in results)
                        add(i, result);
                }
            );
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.CalibrationData,
                $"The model does not run on the calibration data: {Sessions.Reason(exception)}",
                inner: exception
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static SegmentedModel Open(OnnxModel model, HashSet<string> values, ISampleSource samples, CancellationToken cancellationToken)
    {
        var first =
            samples.Read(cancellationToken).FirstOrDefault()
            ?? throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        try
        {
            return new SegmentedModel(model, values, first, SegmentedModel.DefaultBytes, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime cannot load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }

    private List<(int Tensor, T Result)> Call<T>((Sample Sample, int Number) call, Look<T> look)
    {
        var results = new List<(int, T)>();
        // Only inputs that the call has are processed, because a call may lack an optional input.
        foreach (var name in Tensors.Where(call.Sample.Inputs.ContainsKey))
            if (call.Sample.Inputs[name] is { Type: DataType.Float } array)
                results.Add((_indices[name], look(call, _indices[name], array)));
        _model.Run(
            call.Sample,
            (name, value) =>
            {
                var shape = value.GetTensorTypeAndShape().Shape;
                var view = new FloatView(SampleArray.Count(shape) == 0 ? [] : value.GetTensorDataAsSpan<float>(), shape);
                results.Add((_indices[name], look(call, _indices[name], view)));
            },
            _cancellationToken
        );
        return results;
    }
}
