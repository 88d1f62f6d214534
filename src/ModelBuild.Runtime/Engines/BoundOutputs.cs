using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Engines;

/// <summary>What a run has left in a binding's outputs.</summary>
internal sealed class BoundOutputs(IReadOnlyList<OrtValue?> values) : IDisposable
{
    /// <summary>An output by its place among those that are bound; null for an optional one that holds nothing.</summary>
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
