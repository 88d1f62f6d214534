using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>
/// Runs a model and passes the values inside it to a callback. The model runs in segments, one after another, each in its own session. The values of a
/// segment are released before the next segment runs, so that memory holds neither all values of a call nor a second copy of all weights. Each node runs once
/// per call.
/// </summary>
internal sealed class SegmentedModel : IDisposable
{
    /// <summary>The default limit in bytes of the values of one segment in one call.</summary>
    public const long DefaultBytes = 32 << 20;

    // The limit in bytes for the memory of all calls that run in parallel.
    private const long MaxBytesInFlight = 256 << 20;

    private readonly List<(GraphSegment Segment, InferenceSession Session)> _segments = [];
    private readonly Dictionary<string, int> _lastRead = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<CallMemory> _memories = [];
    private readonly Dictionary<string, long[]> _shapes;
    private readonly IReadOnlyDictionary<string, InferredTensor> _types;
    private readonly HashSet<string> _shown;

    /// <summary>Cuts the model and opens a session for each segment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="values">The node outputs of the main graph that the callback receives.</param>
    /// <param name="first">A call that determines the sizes of values.</param>
    /// <param name="maxBytes">The largest size in bytes of the values of one segment.</param>
    /// <param name="cancellationToken">Cancels the work between segments.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the model.</exception>
    public SegmentedModel(OnnxModel model, IReadOnlySet<string> values, Sample first, long maxBytes, CancellationToken cancellationToken)
    {
        var observed = ObservedModel.Of(model, values, cancellationToken);
        _shapes = first.Shapes();
        _types = ShapeInference.DescribeOutputs(observed, _shapes);
        try
        {
            Open(observed, SegmentPlan.Of(observed, values, _types, maxBytes), cancellationToken);
        }
        catch (OnnxRuntimeException) when (maxBytes < long.MaxValue)
        {
            // The model is opened again as one segment, because a segment may lack types that ONNX Runtime infers from the whole model.
            Dispose();
            _segments.Clear();
            Open(observed, SegmentPlan.Of(observed, values, _types, long.MaxValue), cancellationToken);
        }

        ReleaseWeights(observed);
        foreach (var (i, (segment, _)) in _segments.Index())
        foreach (var input in segment.Inputs)
            _lastRead[input] = i;
        _shown =
        [
            .. _segments.SelectMany(part => part.Segment.Outputs.Where(output => values.Contains(output) && IsFloat(part.Session.OutputMetadata[output]))),
        ];
        Tensors = [.. observed.Proto.Graph.Node.SelectMany(node => node.Output).Where(_shown.Contains).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The requested values that are float32 tensors, in graph order.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>The number of segments into which the model is cut.</summary>
    public int Segments => _segments.Count;

    /// <summary>Returns how many of <paramref name="threads"/> calls fit into memory at the same time.</summary>
    public int Parallelism(int threads) =>
        (int)Math.Clamp(MaxBytesInFlight / Math.Max(1, _segments.Select(part => part.Segment.Bytes).DefaultIfEmpty().Max()), 1, threads);

    /// <summary>Runs the model once and passes each requested float32 tensor to <paramref name="show"/>. The method is safe for several threads.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public void Run(Sample sample, Action<string, OrtValue> show, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using var registration = cancellationToken.Register(() => options.Terminate = true);
        var memory = _memories.TryTake(out var used) ? used : new CallMemory();
        var live = new Dictionary<string, OrtValue>(StringComparer.Ordinal);
        try
        {
            var isLikeFirst = sample.Inputs.All(input => _shapes.TryGetValue(input.Key, out var shape) && shape.AsSpan().SequenceEqual(input.Value.Shape));
            foreach (var (i, (segment, session)) in _segments.Index())
            {
                foreach (var name in segment.Inputs.Where(name => !live.ContainsKey(name) && sample.Inputs.ContainsKey(name)))
                    live[name] = ModelRunner.ToOrtValue(sample.Inputs[name]);
                Run(segment, session, options, live, isLikeFirst && CanRent(segment) ? memory : null);
                foreach (var name in segment.Outputs.Where(_shown.Contains))
                    show(name, live[name]);
                foreach (var name in live.Keys.Where(name => _lastRead.GetValueOrDefault(name, -1) <= i).ToArray())
                    if (live.Remove(name, out var value))
                        memory.Release(value);
            }
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            foreach (var value in live.Values)
                memory.Release(value);
            _memories.Add(memory);
        }
    }

    public void Dispose()
    {
        _segments.ForEach(part => part.Session.Dispose());
        foreach (var memory in _memories)
            memory.Dispose();
    }

    private void Run(GraphSegment segment, InferenceSession session, RunOptions options, Dictionary<string, OrtValue> live, CallMemory? memory)
    {
        string[] names = [.. segment.Inputs.Where(live.ContainsKey)];
        OrtValue[] inputs = [.. names.Select(name => live[name])];
        if (memory is not null)
            foreach (var name in segment.Outputs)
                live[name] = memory.Rent(_types[name]);
        if (memory is not null)
            session.Run(options, names, inputs, segment.Outputs, [.. segment.Outputs.Select(name => live[name])]);
        else
            foreach (var (name, value) in segment.Outputs.Zip(session.Run(options, names, inputs, segment.Outputs)))
                live[name] = value;
    }

    private bool CanRent(GraphSegment segment) => segment.Outputs.All(output => _types.TryGetValue(output, out var type) && CallMemory.Fits(type));

    // Releases the weights of a segment's model after its session was created. The serialized bytes from which the session was created are not referenced any
    // more. These bytes are about as many as those of the weights.
    private static void ReleaseWeights(OnnxModel model)
    {
        LargeModels.CollectAfterRelease(LargeModels.WeightBytes(model));
        foreach (var tensor in model.Proto.Graph.Initializer)
            tensor.Release();
    }

    private void Open(OnnxModel model, IReadOnlyList<GraphSegment> segments, CancellationToken cancellationToken)
    {
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _segments.Add((segment, Sessions.OpenPortable(SegmentModel.Of(model, segment, _types), isPart: segments.Count > 1)));
        }
    }

    private static bool IsFloat(NodeMetadata output) => output is { IsTensor: true, ElementDataType: TensorElementType.Float };
}
