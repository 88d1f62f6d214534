using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects AMD NPUs through Vitis AI. A property that is null has the default of the provider.</summary>
public sealed record VitisAIProvider() : ModelProvider("vitisai")
{
    /// <summary>Gets the path of the configuration file of the compiler.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Gets the folder in which compiled models are stored.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Gets the name of the model's folder in <see cref="CacheDirectory"/>.</summary>
    public string? CacheKey { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("config_file", ConfigurationFile);
        settings.Add("cache_dir", CacheDirectory);
        settings.Add("cache_key", CacheKey);
    }
}
