using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Recomputation;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>Runs one part of a training graph. Its inputs and outputs are bound once.</summary>
internal sealed class PartSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly ConvWeights _convWeights;

    /// <summary>Opens a session for a part of a training graph.</summary>
    /// <param name="model">The model of the part.</param>
    /// <param name="part">The part.</param>
    /// <param name="values">The memory of the inputs and outputs by name.</param>
    /// <param name="convWeights">Computes the gradients that follow from its outputs.</param>
    /// <param name="threads">The number of threads of ONNX Runtime.</param>
    public PartSession(OnnxModel model, TrainingPart part, IReadOnlyDictionary<string, OrtValue> values, ConvWeights convWeights, int threads)
    {
        _session = Sessions.OpenForTraining(model, threads, isPart: part.Nodes is not null);
        _binding = _session.CreateIoBinding();
        foreach (var name in _session.InputNames)
            _binding.BindInput(name, values[name]);
        foreach (var name in _session.OutputNames)
            _binding.BindOutput(name, values[name]);
        _convWeights = convWeights;
    }

    /// <summary>Computes the outputs of the part, and the gradients that follow from them.</summary>
    public void Run(RunOptions options)
    {
        _session.RunWithBinding(options, _binding);
        _convWeights.Run();
    }

    public void Dispose()
    {
        _binding.Dispose();
        _session.Dispose();
    }
}
