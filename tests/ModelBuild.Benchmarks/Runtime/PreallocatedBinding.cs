using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// The lower bound of a call's time: all buffers are allocated and bound once, for one thread and one shape. A call copies the input, runs, and reads the
/// output.
/// </summary>
internal sealed class PreallocatedBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputValue;
    private readonly OrtValue _outputValue;
    private readonly float[] _input;
    private readonly float[] _output;

    public PreallocatedBinding(InferenceSession session, string input, long[] inputShape, string output, long[] outputShape)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        _input = GC.AllocateArray<float>((int)inputShape.Aggregate(1L, (a, b) => a * b), pinned: true);
        _output = GC.AllocateArray<float>((int)outputShape.Aggregate(1L, (a, b) => a * b), pinned: true);
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, inputShape);
        _outputValue = OrtValue.CreateTensorValueFromMemory(_output, outputShape);
        _binding.BindInput(input, _inputValue);
        _binding.BindOutput(output, _outputValue);
    }

    public ReadOnlySpan<float> Run(ReadOnlySpan<float> data)
    {
        data.CopyTo(_input);
        _session.RunWithBinding(_options, _binding);
        return _output;
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _options.Dispose();
    }
}
