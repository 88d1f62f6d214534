using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>What must be known of an execution provider to use it.</summary>
/// <param name="Name">The name in projects and options.</param>
/// <param name="OrtName">ONNX Runtime's name, as it lists what it was built with and what plug-ins bring.</param>
/// <param name="Source">What brings it: a package, or a build of ONNX Runtime.</param>
/// <param name="Append">Adds it with its options, where ONNX Runtime is built with it; throws where it is not there.</param>
internal sealed record ProviderInfo(string Name, string OrtName, string Source, Action<SessionOptions, Dictionary<string, string>> Append)
{
    /// <summary>Whether the source is a plug-in library, used beside Microsoft.ML.OnnxRuntime and not instead of it.</summary>
    public bool IsPlugIn { get; init; }

    /// <summary>Whether it can hand out the model as it compiled it, to be loaded again (EPContext).</summary>
    public bool Compiles { get; init; }

    /// <summary>Whether ONNX Runtime turns the graph to another layout for it, and then does not say where all nodes went.</summary>
    public bool ConvertsLayout { get; init; }

    /// <summary>
    /// The lock for a session whose provider wants one thing at a time: loading, copying, running and closing take turns. The same one
    /// for all sessions where they share a device without minding each other. Null for providers that keep order themselves.
    /// </summary>
    public Func<Lock>? Turns { get; init; }
}
