using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>A part of a model that runs as a separate session.</summary>
/// <param name="runner">The session of the part; null when all its outputs are available before it.</param>
/// <param name="outputs">The values that the part computes.</param>
/// <param name="before">The values of the previous part that this part reads.</param>
/// <param name="after">Receives the values that the next part reads.</param>
/// <param name="bytes">The approximate size of the weights in bytes.</param>
/// <param name="callBytes">The approximate size in bytes of all values that the nodes compute in one call.</param>
internal sealed class PrefixPart(ModelRunner? runner, IReadOnlyList<string> outputs, KeptValues before, KeptValues after, long bytes, long callBytes)
    : IDisposable
{
    /// <summary>The approximate size in bytes of all values that the nodes compute in one call, without values of unknown size.</summary>
    public long CallBytes => callBytes;

    /// <summary>Runs one call and keeps the values that the next part needs. Several threads may run different calls. Every call must be run.</summary>
    /// <param name="sample">The inputs of the model.</param>
    /// <param name="call">The number of the call.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outputs of the part, which the caller must dispose.</returns>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public PartValues Run(Sample sample, int call, CancellationToken cancellationToken)
    {
        var given = before.With(sample, call);
        var values = new PartValues(outputs, runner?.Run(given, outputs, cancellationToken), given);
        after.Keep(call, values.Copy);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runner?.Dispose();
        // Memory is collected for twice the size of the weights, because the serialized part and the copy in the session are both unused now.
        LargeModels.CollectAfterRelease(2 * bytes);
    }
}
