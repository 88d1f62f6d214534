using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>
/// A model that shows the values inside it while it runs. It runs in segments, one after another, each a session of its own: what one segment shows
/// is let go before the next one runs, so that memory holds neither all values of a call nor a second copy of all weights, and each node still runs
/// once.
/// </summary>
internal sealed class SegmentedModel : IDisposable
{
    /// <summary>How much the values of one segment take in one call, unless told otherwise.</summary>
    public const long DefaultBytes = 32 << 20;

    // What calls side by side may hold in all.
    private const long MaxBytesInFlight = 256 << 20;

    private readonly List<(GraphSegment Segment, InferenceSession Session)> _segments = [];
    private readonly Dictionary<string, int> _lastRead = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<CallMemory> _memories = [];
    private readonly Dictionary<string, long[]> _shapes;
    private readonly IReadOnlyDictionary<string, InferredTensor> _types;
    private readonly HashSet<string> _shown;

    /// <summary>Cuts and loads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="values">Node outputs of the main graph that are to be shown.</param>
    /// <param name="first">A call, for sizes.</param>
    /// <param name="maxBytes">How much the values of one segment may take.</param>
    /// <param name="cancellationToken">Checked between segments.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public SegmentedModel(OnnxModel model, IReadOnlySet<string> values, Sample first, long maxBytes, CancellationToken cancellationToken)
    {
        var observed = ObservedModel.Of(model, values, cancellationToken);
        _shapes = first.Shapes();
        _types = ShapeInference.Describe(
            observed,
            _shapes,
            observed.Proto.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)
        );
        try
        {
            Open(observed, SegmentPlan.Of(observed, values, _types, maxBytes), cancellationToken);
        }
        catch (OnnxRuntimeException) when (maxBytes < long.MaxValue)
        {
            // A part may lack what ONNX Runtime finds out from the whole.
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

    /// <summary>The values that are shown: those that are tensors of float32, in graph order.</summary>
    public IReadOnlyList<string> Tensors { get; }

    /// <summary>How many parts the model runs in.</summary>
    public int Segments => _segments.Count;

    /// <summary>How many of <paramref name="threads"/> calls fit into memory side by side.</summary>
    public int Parallelism(int threads) =>
        (int)Math.Clamp(MaxBytesInFlight / Math.Max(1, _segments.Select(part => part.Segment.Bytes).DefaultIfEmpty().Max()), 1, threads);

    /// <summary>Runs the model once and shows every float32 tensor that was asked for. Several threads may do so at once.</summary>
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

    // The bytes that the sessions were made of are garbage by now, as much of it as the weights.
    private static void ReleaseWeights(OnnxModel model)
    {
        LargeModels.LetGo(LargeModels.WeightBytes(model));
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
