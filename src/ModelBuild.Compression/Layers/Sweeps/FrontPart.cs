using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>A part of a model that runs by itself.</summary>
/// <param name="runner">Runs it; null where all it shows is there before it.</param>
/// <param name="shown">The values that it shows.</param>
/// <param name="outputs">The values that it computes.</param>
/// <param name="before">What it reads of the part before it.</param>
/// <param name="after">Takes what the part after it reads.</param>
/// <param name="bytes">About how many bytes its weights take.</param>
internal sealed class FrontPart(ModelRunner? runner, IReadOnlyCollection<string> shown, IReadOnlyList<string> outputs, KeptValues before, KeptValues after, long bytes) : IDisposable
{
    /// <summary>Runs one call, and keeps for the next part what it needs. Several threads may do so at once for different calls; each call must run.</summary>
    /// <param name="sample">The model's inputs.</param>
    /// <param name="call">The call's number.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public IReadOnlyDictionary<string, SampleArray> Run(Sample sample, int call, CancellationToken cancellationToken)
    {
        var given = before.With(sample, call);
        var computed = runner?.Run(given, outputs, Read, cancellationToken);
        SampleArray Value(string name) => computed?.GetValueOrDefault(name) ?? given.Inputs[name];
        after.Keep(call, Value);
        return shown.ToDictionary(name => name, Value, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runner?.Dispose();
        // What it was loaded from, and its own copy.
        LargeModels.LetGo(2 * bytes);
    }

    private Dictionary<string, SampleArray> Read(IReadOnlyCollection<OrtValue> results) => outputs.Zip(results).ToDictionary(
        pair => pair.First,
        pair =>
        {
            var type = pair.Second.GetTensorTypeAndShape();
            return new SampleArray((DataType)(int)type.ElementDataType, type.Shape, pair.Second.GetTensorMutableRawData().ToArray());
        },
        StringComparer.Ordinal);
}
