using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects CPUs through oneDNN. A property that is null has the default of the provider.</summary>
public sealed record DnnlProvider() : ModelProvider("dnnl")
{
    /// <summary>Gets whether memory comes from the pool of ONNX Runtime; null means that it does.</summary>
    public bool? UseArena { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("use_arena", UseArena);
    }
}
