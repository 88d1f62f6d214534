using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Engines;

/// <summary>Holds the output values of a run, in the order in which the outputs were bound.</summary>
internal sealed class BoundOutputs(IReadOnlyList<OrtValue?> values) : IDisposable
{
    /// <summary>Gets an output by its index among the bound outputs; null for an optional output without a value.</summary>
    public OrtValue? this[int index] => values[index];

    public void Dispose()
    {
        if (values is IDisposable all)
            all.Dispose();
        else
            foreach (var value in values)
                value?.Dispose();
    }
}
