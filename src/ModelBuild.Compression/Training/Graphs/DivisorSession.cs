using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>Computes the divisors of the loss terms for the rows of this worker, and gives the training graph those of the whole batch.</summary>
internal sealed class DivisorSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly Parameter[] _own;
    private readonly Parameter[] _shared;

    /// <summary>Opens a session for the model of the divisors.</summary>
    /// <param name="divisors">The divisors.</param>
    /// <param name="values">The memory of its inputs by name.</param>
    /// <param name="bind">Returns a tensor over the memory of a number.</param>
    /// <param name="threads">The number of threads of ONNX Runtime.</param>
    public DivisorSession(SharedDivisors divisors, IReadOnlyDictionary<string, OrtValue> values, Func<Parameter, OrtValue> bind, int threads)
    {
        _session = Sessions.OpenForTraining(divisors.Model, threads, isPart: false);
        _binding = _session.CreateIoBinding();
        _shared = [.. _session.OutputNames.Select(name => divisors.Inputs[name])];
        _own = Array.ConvertAll(_shared, shared => new Parameter(shared.Name, [], [0]));
        foreach (var name in _session.InputNames)
            _binding.BindInput(name, values[name]);
        foreach (var (name, own) in _session.OutputNames.Zip(_own))
            _binding.BindOutput(name, bind(own));
    }

    /// <summary>Computes the divisors of the batch. The gradients of all workers are averaged, so that each worker divides by its share of the sum.</summary>
    public void Run(IWorkerGroup workers)
    {
        _session.RunWithBinding(_options, _binding);
        var sums = Array.ConvertAll(_own, own => (double)own.Values[0]);
        workers.Sum(sums);
        foreach (var (shared, sum) in _shared.Zip(sums))
            shared.Values[0] = (float)(sum / workers.Size);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _session.Dispose();
        _options.Dispose();
    }
}
