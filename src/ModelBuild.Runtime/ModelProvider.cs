using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>An execution provider of ONNX Runtime by its name, such as <c>cpu</c>, <c>cuda</c> or <c>directml</c>.</summary>
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

    /// <summary>Names a provider.</summary>
    public static implicit operator ModelProvider(string name) => new(name);

    /// <summary>The short name.</summary>
    public sealed override string ToString() => Name;
}
