using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>Runs samples in one session and reads the outputs as numbers and texts.</summary>
internal sealed class ModelRunner(InferenceSession session) : IDisposable
{
    /// <summary>The names of the model's outputs in graph order.</summary>
    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>Returns whether an output is a float32 tensor.</summary>
    public bool IsFloatTensor(string output) => session.OutputMetadata[output] is { IsTensor: true, ElementDataType: TensorElementType.Float };

    /// <summary>Runs the model once and reads all outputs.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IReadOnlyList<OutputValues> Run(Sample sample, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<OutputValues>>(sample, session.OutputNames, results => [.. results.Select(OutputReader.Read)], cancellationToken);

    /// <summary>Runs the model once and reads some outputs before they are disposed. The method is safe for several threads.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public T Run<T>(Sample sample, IReadOnlyList<string> outputs, Func<IReadOnlyCollection<OrtValue>, T> read, CancellationToken cancellationToken)
    {
        using var results = Run(sample, outputs, cancellationToken);
        return read(results);
    }

    /// <summary>Runs the model once. The method is safe for several threads.</summary>
    /// <param name="sample">The inputs.</param>
    /// <param name="outputs">The names of the outputs to compute.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outputs, which the caller must dispose.</returns>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(Sample sample, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using var registration = cancellationToken.Register(() => options.Terminate = true);
        var names = session.InputNames.Where(sample.Inputs.ContainsKey).ToArray();
        var values = new List<OrtValue>();
        try
        {
            values.AddRange(names.Select(name => ToOrtValue(Given(sample.Inputs[name], session.InputMetadata[name]))));
            return session.Run(options, names, values, outputs);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>
    /// Converts an array of a sample to the type of an input. Samples have the types of the original. A compressed model may have float16 inputs where the
    /// original has float32, and a model with simulated accelerator arithmetic has float32 inputs where the original has float16.
    /// </summary>
    public static SampleArray Given(SampleArray array, NodeMetadata input) =>
        (array.Type, input.IsTensor ? input.ElementDataType : TensorElementType.DataTypeMax) switch
        {
            (DataType.Float, TensorElementType.Float16) => ElementConversion.ToFloat16(array),
            (DataType.Float16, TensorElementType.Float) => ElementConversion.ToFloat32(array),
            _ => array,
        };

    /// <summary>Copies an array to memory of ONNX Runtime.</summary>
    public static OrtValue ToOrtValue(SampleArray array)
    {
        if (array.Type == DataType.String)
        {
            var texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, array.Shape);
            for (var i = 0; i < array.Texts!.Length; i++)
                texts.StringTensorSetElementAt(array.Texts[i].AsSpan(), i);
            return texts;
        }

        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)array.Type, array.Shape);
        array.Data.CopyTo(value.GetTensorMutableRawData());
        return value;
    }
}
