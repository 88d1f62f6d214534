using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>AMD's NPUs through Vitis AI.</summary>
public sealed record VitisAIProvider() : ModelProvider("vitisai")
{
    /// <summary>The compiler's configuration file.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The folder where compiled models are kept.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The name of this model's folder in there.</summary>
    public string? CacheKey { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("config_file", ConfigurationFile);
        settings.Add("cache_dir", CacheDirectory);
        settings.Add("cache_key", CacheKey);
    }
}
