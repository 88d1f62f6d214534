using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Recomputation;
using ModelBuild.Compression.Training.Workers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>
/// Runs a training graph, part by part. All inputs and outputs are bound once to memory that never moves, so that a step copies the batch and nothing else.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingGraph _graph;
    private readonly List<PartSession> _parts = [];
    private readonly RunOptions _options = new();
    private readonly RunOptions _first = new();
    private readonly bool _isDivided;
    private bool _hasRun;
    private readonly Dictionary<string, OrtValue> _values = new(StringComparer.Ordinal);
    private readonly List<NativeBuffer> _buffers = [];
    private readonly Dictionary<string, byte[]> _batch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _inputGradients = new(StringComparer.Ordinal);
    private readonly float[][] _terms;
    private readonly DivisorSession? _divisors;

    /// <summary>Opens sessions for all parts of a training graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">The number of threads of ONNX Runtime.</param>
    public TrainingSession(TrainingGraph graph, int threads)
    {
        _graph = graph;
        _isDivided = graph.Plan.Parts.Count > 1;
        if (_isDivided)
            NativeHeap.KeepLargeBlocks();
        else
            _first.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        var read = graph.Model.Proto.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, type) in graph.Inputs.Select(input => (input.Name, input.Type)).Concat(graph.Targets.Select(target => (target.Name, target.Type))))
            if (read.Contains(name))
                _values[name] = Pin(_batch[name] = Allocate<byte>(type.Bytes!.Value), type);
        foreach (var parameter in graph.Read.Concat(graph.Settings))
            _values[parameter.Name] = Pin(parameter.Values, parameter.Shape);
        foreach (var (parameter, gradient) in graph.Parameters)
            _values[gradient] = Pin(parameter.Gradient, parameter.Shape);
        foreach (var (input, gradient) in graph.InputGradients)
        {
            _inputGradients[gradient] = Allocate<float>(input.Type.Shape.Aggregate(1L, (a, b) => a * b));
            _values[gradient] = Pin(_inputGradients[gradient], input.Type.Shape);
        }

        _terms = [.. graph.Terms.Select(_ => Allocate<float>(1))];
        foreach (var (term, value) in graph.Terms.Zip(_terms))
            _values[term.Value] = Pin(value, []);
        if (graph.Divisors is { } divisors)
            _divisors = new DivisorSession(divisors, _values, BindDivisor, threads);
        var buffers = AllocateBuffers(graph.Plan.Buffers);
        foreach (var part in graph.Plan.Parts)
            _parts.Add(new PartSession(PartModel.Of(graph.Model, part), part, _values, new ConvWeights(part.Sites, buffers, GradientOf, threads), threads));
    }

    /// <summary>The training graph that the session runs.</summary>
    public TrainingGraph Graph => _graph;

    /// <summary>Returns the memory of an input or a target of the next batch; empty if the graph does not read it.</summary>
    public Memory<byte> Batch(string name) => _batch.GetValueOrDefault(name);

    /// <summary>Returns the gradient of an input after a run.</summary>
    /// <param name="gradient">The name of the output that is the gradient.</param>
    public ReadOnlySpan<float> InputGradient(string gradient) => _inputGradients[gradient];

    /// <summary>Computes the divisors of the loss for a batch of which each worker has a part. It must be called before each run of such a batch.</summary>
    public void ShareDivisors(IWorkerGroup workers) => _divisors?.Run(workers);

    /// <summary>Computes the loss and the gradients for the current values of the parameters and the batch.</summary>
    /// <returns>The values of the terms of the loss, without their weights.</returns>
    public IReadOnlyList<float> Run()
    {
        // In the first run, ONNX Runtime allocates each value separately and records how much memory the values need. From the second run on, it allocates
        // this memory as one block. The options of the first run make it release the separate allocations, which it would otherwise keep beside the block.
        foreach (var part in _parts)
            part.Run(_hasRun ? _options : _first);
        _hasRun = true;
        return [.. _terms.Select(term => term[0])];
    }

    public void Dispose()
    {
        _parts.ForEach(part => part.Dispose());
        _divisors?.Dispose();
        foreach (var value in _values.Values)
            value.Dispose();
        _buffers.ForEach(buffer => buffer.Dispose());
        _options.Dispose();
        _first.Dispose();
        if (_isDivided)
            NativeHeap.EndKeepingLargeBlocks();
    }

    private OrtValue BindDivisor(Parameter number) => _values[$"divisor {number.Name}"] = Pin(number.Values, number.Shape);

    private float[] GradientOf(string name) => _graph.Parameters.Single(pair => pair.Gradient == name).Parameter.Gradient;

    private Dictionary<string, NativeBuffer> AllocateBuffers(BufferPlan plan)
    {
        var buffers = new Dictionary<string, NativeBuffer>(StringComparer.Ordinal);
        foreach (var (uses, bytes) in plan.Buffers)
        {
            _buffers.Add(new NativeBuffer(bytes));
            foreach (var use in uses)
            {
                buffers[use.Name] = _buffers[^1];
                _values[use.Name] = Wrap(_buffers[^1].Address, use.Bytes, use.Type);
            }
        }

        return buffers;
    }

    private static T[] Allocate<T>(long count) => GC.AllocateArray<T>(checked((int)count), pinned: true);

    private static unsafe OrtValue Pin(float[] array, long[] shape) =>
        Wrap(
            (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)),
            (long)array.Length * sizeof(float),
            new InferredTensor(DataType.Float, shape)
        );

    private static unsafe OrtValue Pin(byte[] array, InferredTensor type) =>
        Wrap((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)), array.Length, type);

    private static OrtValue Wrap(nint address, long bytes, InferredTensor type) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)type.Type, type.Shape, address, bytes);
}
