using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>Runs samples through one session and reads what comes back as plain numbers.</summary>
internal sealed class ModelRunner(InferenceSession session) : IDisposable
{
    /// <summary>The outputs' names in the graph's order.</summary>
    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>Whether an output is a tensor of float32.</summary>
    public bool IsFloatTensor(string output) => session.OutputMetadata[output] is { IsTensor: true, ElementDataType: TensorElementType.Float };

    /// <summary>Runs the model once.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IReadOnlyList<OutputValues> Run(Sample sample, CancellationToken cancellationToken) =>
        Run<IReadOnlyList<OutputValues>>(sample, session.OutputNames, results => [.. results.Select(OutputReader.Read)], cancellationToken);

    /// <summary>Runs the model once and reads some outputs while they are there. Several threads may do so at once.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public T Run<T>(Sample sample, IReadOnlyList<string> outputs, Func<IReadOnlyCollection<OrtValue>, T> read, CancellationToken cancellationToken)
    {
        using var results = Run(sample, outputs, cancellationToken);
        return read(results);
    }

    /// <summary>Runs the model once. Several threads may do so at once.</summary>
    /// <param name="sample">The inputs.</param>
    /// <param name="outputs">The names of the values that it shows.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>These values, which the caller disposes of.</returns>
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
    /// What an input takes of a sample: a compressed model may take float16 where the original, which samples are for, takes float32; and the other way round where it runs as on an accelerator.
    /// </summary>
    public static SampleArray Given(SampleArray array, NodeMetadata input) =>
        (array.Type, input.IsTensor ? input.ElementDataType : TensorElementType.DataTypeMax) switch
        {
            (DataType.Float, TensorElementType.Float16) => ElementConversion.ToFloat16(array),
            (DataType.Float16, TensorElementType.Float) => ElementConversion.ToFloat32(array),
            _ => array,
        };

    /// <summary>A copy of an array in ONNX Runtime's memory.</summary>
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
