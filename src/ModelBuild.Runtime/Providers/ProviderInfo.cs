using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>Describes an execution provider.</summary>
/// <param name="Name">The short name in projects and options.</param>
/// <param name="OrtName">The name in ONNX Runtime, for built-in providers and plug-ins.</param>
/// <param name="Source">The package or the build of ONNX Runtime that contains the provider.</param>
/// <param name="Append">Adds a built-in provider with its options to a session; it throws when the provider is not available.</param>
internal sealed record ProviderInfo(string Name, string OrtName, string Source, Action<SessionOptions, Dictionary<string, string>> Append)
{
    /// <summary>Gets whether the provider is in a plug-in library, which is used in addition to Microsoft.ML.OnnxRuntime and not instead of it.</summary>
    public bool IsPlugIn { get; init; }

    /// <summary>Gets whether the compiled model can be stored and loaded again (EPContext).</summary>
    public bool Compiles { get; init; }

    /// <summary>
    /// Gets whether ONNX Runtime converts the graph to another data layout for the provider. In this case it does not report the assignment of all nodes.
    /// </summary>
    public bool ConvertsLayout { get; init; }

    /// <summary>
    /// Gets a function that returns the device lock of a session whose provider supports one operation at a time: loading, copying, running and closing.
    /// Sessions share the lock when the provider does not separate them. The value is null for providers that need no lock.
    /// </summary>
    public Func<Lock>? GetLock { get; init; }
}
