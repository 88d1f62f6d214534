using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime;

/// <summary>Defines the members of every generated model class. All members are thread-safe.</summary>
public interface IModel : IDisposable
{
    /// <summary>Gets the names, types and shapes that the class was generated for.</summary>
    ModelContract Signature { get; }

    /// <summary>Gets the short name of the execution provider that runs the model, such as <c>cpu</c>.</summary>
    string Provider { get; }

    /// <summary>Gets the number of nodes that each execution provider runs, and the devices.</summary>
    /// <exception cref="NotSupportedException">The version of ONNX Runtime is lower than 1.24.</exception>
    Placement Placement { get; }

    /// <summary>Gets the ONNX Runtime session, for operations that the generated class does not offer.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    /// <exception cref="NotSupportedException">The model is a fake or runs on a server, so it has no session.</exception>
    InferenceSession Session { get; }

    /// <summary>
    /// Runs the model once on zeros, so that ONNX Runtime does the extra work of a first run. Dynamic dimensions have the size 1 unless
    /// <paramref name="sizes"/> specifies another.
    /// </summary>
    /// <param name="sizes">The sizes of dynamic dimensions, by symbol (<c>height</c>) or by input and axis (<c>image/2</c>); null to use 1 for all.</param>
    /// <returns><see langword="true"/> when the model ran; <see langword="false"/> when it was only loaded, because no zeros can be made for one of its
    /// inputs.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed, for example because a dynamic dimension cannot have the size 1.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    bool WarmUp(IReadOnlyDictionary<string, int>? sizes = null);

    /// <summary>
    /// Loads another file with the same signature and uses it for calls that begin afterwards. Calls in progress finish on the previous model, which is
    /// closed when the last of them ends. When loading fails, the previous model stays in use.
    /// </summary>
    /// <param name="path">The path of the file; null to load the file that the model was opened from again.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="ModelLoadException">The file cannot be loaded, or its inputs and outputs differ from those that the class was generated
    /// for.</exception>
    /// <exception cref="NotSupportedException">A path was given, and the model runs on a server.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    void Reload(string? path = null);
}
