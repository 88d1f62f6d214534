using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>A part of a model that runs by itself.</summary>
/// <param name="runner">Runs it; null where all it shows is there before it.</param>
/// <param name="outputs">The values that it computes.</param>
/// <param name="before">What it reads of the part before it.</param>
/// <param name="after">Takes what the part after it reads.</param>
/// <param name="bytes">About how many bytes its weights take.</param>
/// <param name="callBytes">About how many bytes all values take that its nodes compute in one call.</param>
internal sealed class FrontPart(ModelRunner? runner, IReadOnlyList<string> outputs, KeptValues before, KeptValues after, long bytes, long callBytes)
    : IDisposable
{
    /// <summary>About how many bytes all values take that its nodes compute in one call; values of unknown size are left out.</summary>
    public long CallBytes => callBytes;

    /// <summary>Runs one call, and keeps for the next part what it needs. Several threads may do so at once for different calls; each call must run.</summary>
    /// <param name="sample">The model's inputs.</param>
    /// <param name="call">The call's number.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What it shows, which the caller disposes of.</returns>
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
        // What it was loaded from, and its own copy.
        LargeModels.LetGo(2 * bytes);
    }
}
