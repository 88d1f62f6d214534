using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// The outputs of a part of a model in one call: computed values, which are in ONNX Runtime's memory until this object is disposed, and inputs of the part.
/// </summary>
/// <param name="outputs">The names of the computed values.</param>
/// <param name="computed">The computed values; null when nothing ran.</param>
/// <param name="given">The inputs of the part.</param>
internal sealed class PartValues(IReadOnlyList<string> outputs, IDisposableReadOnlyCollection<OrtValue>? computed, Sample given) : IDisposable
{
    /// <summary>Returns a view of the elements of a float32 output of the part.</summary>
    public FloatView Floats(string name)
    {
        if (Computed(name) is not { } value)
            return given.Inputs[name];
        var shape = value.GetTensorTypeAndShape().Shape;
        return new FloatView(SampleArray.Count(shape) == 0 ? [] : value.GetTensorDataAsSpan<float>(), shape);
    }

    /// <summary>Returns a copy of an output of the part, which stays valid after this object is disposed.</summary>
    public SampleArray Copy(string name)
    {
        if (Computed(name) is not { } value)
            return given.Inputs[name];
        var type = value.GetTensorTypeAndShape();
        return new SampleArray((DataType)(int)type.ElementDataType, type.Shape, value.GetTensorMutableRawData().ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => computed?.Dispose();

    private OrtValue? Computed(string name) => computed is null ? null : outputs.Zip(computed).FirstOrDefault(output => output.First == name).Second;
}
