using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>
/// Runs a training graph. All inputs and outputs are bound once to arrays that never move, so that a step copies the batch and nothing else.
/// </summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingGraph _graph;
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _values = [];
    private readonly Dictionary<string, byte[]> _batch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, float[]> _inputGradients = new(StringComparer.Ordinal);
    private readonly float[][] _terms;
    private readonly ConvWeights _convWeights;

    /// <summary>Opens a training graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">The number of threads of ONNX Runtime.</param>
    public TrainingSession(TrainingGraph graph, int threads)
    {
        _graph = graph;
        _session = Sessions.OpenForTraining(graph.Model, threads);
        _binding = _session.CreateIoBinding();
        var inputs = _session.InputNames.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, type) in graph.Inputs.Select(input => (input.Name, input.Type)).Concat(graph.Targets.Select(target => (target.Name, target.Type))))
            if (inputs.Contains(name))
                _binding.BindInput(name, Pin(_batch[name] = Allocate<byte>(type.Bytes!.Value), type));
        foreach (var parameter in graph.Read.Concat(graph.Settings).Where(parameter => inputs.Contains(parameter.Name)))
            _binding.BindInput(parameter.Name, Pin(parameter.Values, parameter.Shape));
        foreach (var (parameter, gradient) in graph.Parameters)
            if (graph.ConvWeights.All(site => site.Value != gradient))
                _binding.BindOutput(gradient, Pin(parameter.Gradient, parameter.Shape));

        foreach (var (input, gradient) in graph.InputGradients)
            if (_inputGradients.TryAdd(gradient, Allocate<float>(input.Type.Shape.Aggregate(1L, (a, b) => a * b))))
                _binding.BindOutput(gradient, Pin(_inputGradients[gradient], input.Type.Shape));

        _convWeights = new ConvWeights(graph, threads);
        foreach (var (output, values, shape) in _convWeights.Outputs)
            _binding.BindOutput(output, Pin(values, shape));

        _terms = [.. graph.Terms.Select(_ => Allocate<float>(1))];
        foreach (var (term, value) in graph.Terms.Zip(_terms))
            _binding.BindOutput(term.Value, Pin(value, []));
    }

    /// <summary>The graph.</summary>
    public TrainingGraph Graph => _graph;

    /// <summary>Returns the memory of an input or a target of the next batch; empty if the graph does not read it.</summary>
    public Memory<byte> Batch(string name) => _batch.GetValueOrDefault(name);

    /// <summary>Returns the gradient of an input after a run. Inputs can have the same gradient.</summary>
    /// <param name="gradient">The name of the output that is the gradient.</param>
    public ReadOnlySpan<float> InputGradient(string gradient) => _inputGradients[gradient];

    /// <summary>Computes the loss and the gradients for the current values of the parameters and the batch.</summary>
    /// <returns>The values of the terms of the loss, without their weights.</returns>
    public IReadOnlyList<float> Run()
    {
        _session.RunWithBinding(_options, _binding);
        _convWeights.Run();
        return [.. _terms.Select(term => term[0])];
    }

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(value => value.Dispose());
        _session.Dispose();
        _options.Dispose();
    }

    private static T[] Allocate<T>(long count) => GC.AllocateArray<T>(checked((int)count), pinned: true);

    private OrtValue Pin(float[] array, long[] shape) => Keep(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, array.AsMemory(), shape));

    private unsafe OrtValue Pin(byte[] array, InferredTensor type) =>
        Keep(
            OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                (TensorElementType)(int)type.Type,
                type.Shape,
                (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array)),
                array.Length
            )
        );

    private OrtValue Keep(OrtValue value)
    {
        _values.Add(value);
        return value;
    }
}
