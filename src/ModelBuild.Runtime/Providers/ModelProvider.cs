using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// An execution provider of ONNX Runtime by its name, such as <c>cpu</c>, <c>cuda</c> or <c>directml</c>. Records derived from this
/// one, such as <see cref="CudaProvider"/>, have typed options.
/// </summary>
public record ModelProvider
{
    /// <summary>Names a provider. ONNX Runtime's own names (<c>CUDAExecutionProvider</c>) are understood as well.</summary>
    public ModelProvider(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = ProviderCatalog.Find(name)?.Name ?? name;
    }

    /// <summary>The provider's short name.</summary>
    public string Name { get; }

    /// <summary>Options by the keys that the provider documents, for what has no property; they win over properties.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// The plug-in library that brings the provider, when ONNX Runtime is not built with it: a path, or the name of a file in the
    /// application's folder. Loaded once for the process.
    /// </summary>
    public string? Library { get; init; }

    /// <summary>Names a provider.</summary>
    public static implicit operator ModelProvider(string name) => new(name);

    /// <summary>The short name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Writes what is set of the typed options.</summary>
    internal virtual void Write(ProviderSettings settings) { }

    /// <summary>All that is set, by the provider's own keys.</summary>
    internal Dictionary<string, string> ToSettings()
    {
        var settings = new ProviderSettings();
        Write(settings);
        foreach (var (key, value) in Options)
            settings.Add(key, value);
        return settings.Values;
    }
}
