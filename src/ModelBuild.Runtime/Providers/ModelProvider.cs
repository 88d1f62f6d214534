using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// Names an execution provider of ONNX Runtime, such as <c>cpu</c>, <c>cuda</c> or <c>directml</c>. Derived records, such as <see cref="CudaProvider"/>, have
/// typed options.
/// </summary>
public record ModelProvider
{
    /// <summary>Initializes a new instance of the <see cref="ModelProvider"/> class with a name.</summary>
    /// <param name="name">The short name of the provider, or its name in ONNX Runtime, such as <c>CUDAExecutionProvider</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public ModelProvider(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = ProviderCatalog.Find(name)?.Name ?? name;
    }

    /// <summary>Gets the short name of the provider, such as <c>cuda</c>.</summary>
    public string Name { get; }

    /// <summary>Gets further options by the keys that the provider documents. They override the typed properties.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Gets the plug-in library that contains the provider, for an ONNX Runtime that was built without it: a path, or the name of a file in the application's
    /// folder. The library is loaded once for the process.
    /// </summary>
    public string? Library { get; init; }

    /// <summary>Converts a name to a provider.</summary>
    /// <param name="name">The name of the provider.</param>
    public static implicit operator ModelProvider(string name) => new(name);

    /// <summary>Adds the provider to the options of a session that is opened without a generated class. The CPU provider needs no call.</summary>
    /// <param name="session">The options of the session. Providers that are added first run first.</param>
    /// <exception cref="ModelProviderException">The loaded ONNX Runtime does not have the provider, or the name is unknown.</exception>
    public void AppendTo(SessionOptions session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (new ProviderAppender(OnnxRuntimeLibrary.Load()).Append(session, this) is { } reason)
            throw new ModelProviderException($"The execution provider '{Name}' cannot be used: {reason}");
    }

    /// <summary>Returns the short name of the provider.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Writes the typed options that are set to the settings of the provider.</summary>
    internal virtual void Write(ProviderSettings settings) { }

    /// <summary>Returns all options that are set, by the keys that the provider documents.</summary>
    internal Dictionary<string, string> ToSettings()
    {
        var settings = new ProviderSettings();
        Write(settings);
        foreach (var (key, value) in Options)
            settings.Add(key, value);
        return settings.Values;
    }
}
