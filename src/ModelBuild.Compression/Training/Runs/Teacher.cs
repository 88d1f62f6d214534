using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>Runs the teacher, which is the model before compression, on batches of training rows.</summary>
internal sealed class Teacher : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <summary>Opens a session for the model.</summary>
    /// <param name="model">The model, which takes batches of any size.</param>
    /// <param name="threads">The number of threads of ONNX Runtime.</param>
    public Teacher(OnnxModel model, int threads) => _session = Sessions.OpenForTraining(model, threads);

    /// <summary>Returns whether an output has one part for each row of a batch, along its first dimension.</summary>
    public bool IsByRow(string output) => _session.OutputMetadata[output].SymbolicDimensions is [Preparation.BatchAxes.Symbol, ..];

    /// <summary>Computes outputs of the teacher for a batch.</summary>
    /// <param name="inputs">The memory of each input.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="outputs">The outputs, each with the memory that receives it.</param>
    public void Run(Func<string, Memory<byte>> inputs, TrainingBatch batch, IReadOnlyList<(string Name, Memory<byte> Target)> outputs)
    {
        var names = batch.Inputs.Where(input => _session.InputMetadata.ContainsKey(input.Name)).ToArray();
        var values = new List<OrtValue>();
        var handles = new List<System.Buffers.MemoryHandle>();
        try
        {
            foreach (var input in names)
            {
                var memory = inputs(input.Name);
                handles.Add(memory.Pin());
                values.Add(Wrap(handles[^1], memory.Length, (TensorElementType)(int)input.Type.Type, input.Type.Shape));
            }

            using var results = _session.Run(_options, [.. names.Select(input => input.Name)], values, [.. outputs.Select(output => output.Name)]);
            foreach (var (result, output) in results.Zip(outputs))
                result.GetTensorMutableRawData().CopyTo(output.Target.Span);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
            handles.ForEach(handle => handle.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    private static unsafe OrtValue Wrap(System.Buffers.MemoryHandle handle, int length, TensorElementType type, long[] shape) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)handle.Pointer, length);
}
