using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>What every generated model class can do, whatever the model. Safe for many threads.</summary>
public interface IModel : IDisposable
{
    /// <summary>What the class was generated for: names, types and shapes as the model has them.</summary>
    ModelContract Signature { get; }

    /// <summary>The execution provider that runs the model, such as <c>cpu</c>.</summary>
    string Provider { get; }

    /// <summary>Which execution provider runs how many of the model's nodes, and on which device.</summary>
    /// <exception cref="NotSupportedException">ONNX Runtime is older than 1.24.</exception>
    Placement Placement { get; }

    /// <summary>The ONNX Runtime session, for everything that has no typed member.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    /// <exception cref="NotSupportedException">The model is a fake and has none.</exception>
    InferenceSession Session { get; }

    /// <summary>
    /// Runs the model once on zeros, so that what ONNX Runtime does at a first run is done. Dimensions that the model leaves open stand as 1 unless
    /// <paramref name="sizes"/> says more.
    /// </summary>
    /// <param name="sizes">Sizes by symbol, such as <c>height</c>, or as input and axis, such as <c>image/2</c>; null for none.</param>
    /// <returns>False for a model that was loaded only, because zeros cannot be made for its inputs.</returns>
    /// <exception cref="OnnxRuntimeException">The model failed, maybe because an open dimension needs another size than 1.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    bool WarmUp(IReadOnlyDictionary<string, int>? sizes = null);

    /// <summary>
    /// Loads another file with the same signature, and lets the calls that begin from now on run on it. Those that run end on the model that they began on, which is
    /// closed after the last of them. When loading fails nothing changes.
    /// </summary>
    /// <param name="path">The file; null loads the model's own place anew.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelLoadException">It cannot be loaded, or is not what the class was generated for.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    void Reload(string? path = null);
}
