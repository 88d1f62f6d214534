using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Processors through oneDNN.</summary>
public sealed record DnnlProvider() : ModelProvider("dnnl")
{
    /// <summary>Whether memory comes from ONNX Runtime's pool; it does unless told otherwise.</summary>
    public bool? UseArena { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("use_arena", UseArena);
    }
}
