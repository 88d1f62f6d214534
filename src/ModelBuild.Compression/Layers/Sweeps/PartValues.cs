using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>What a part of a model shows in one call: values that it has computed, which lie in ONNX Runtime's memory until this is disposed of, and those that it was given.</summary>
/// <param name="outputs">The names of the computed values.</param>
/// <param name="computed">These values; null where nothing ran.</param>
/// <param name="given">What the part was given.</param>
internal sealed class PartValues(IReadOnlyList<string> outputs, IDisposableReadOnlyCollection<OrtValue>? computed, Sample given) : IDisposable
{
    /// <summary>The elements of a float32 value.</summary>
    public FloatView Floats(string name)
    {
        if (Computed(name) is not { } value)
            return given.Inputs[name];
        var shape = value.GetTensorTypeAndShape().Shape;
        return new FloatView(SampleArray.Count(shape) == 0 ? [] : value.GetTensorDataAsSpan<float>(), shape);
    }

    /// <summary>A value that outlives this.</summary>
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
