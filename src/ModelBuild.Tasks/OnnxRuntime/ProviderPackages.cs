namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Which package brings an execution provider, and where it runs; what an application asks for and cannot have is said at build time.</summary>
internal static class ProviderPackages
{
    private static readonly (string Provider, string Package, string Systems)[] _known =
    [
        ("cuda", "Microsoft.ML.OnnxRuntime.Gpu", "win linux"),
        ("tensorrt", "Microsoft.ML.OnnxRuntime.Gpu", "win linux"),
        ("directml", "Microsoft.ML.OnnxRuntime.DirectML", "win"),
        ("openvino", "Intel.ML.OnnxRuntime.OpenVino", "win linux"),
        ("qnn", "Microsoft.ML.OnnxRuntime.QNN", "win linux android"),
        ("coreml", "Microsoft.ML.OnnxRuntime", "osx ios maccatalyst"),
    ];

    /// <summary>The package that brings a provider, when none of those referenced does; null when all is well or the provider is not known.</summary>
    public static string? Missing(string provider, IReadOnlyList<string> otherNativePackages)
    {
        var package = _known.FirstOrDefault(known => known.Provider == provider).Package;
        return package is null or "Microsoft.ML.OnnxRuntime" || otherNativePackages.Any(name => name.StartsWith(package, StringComparison.OrdinalIgnoreCase))
            ? null
            : package;
    }

    /// <summary>Whether a provider can never run where the application goes.</summary>
    public static bool IsElsewhere(string provider, string? runtimeIdentifier)
    {
        var systems = _known.FirstOrDefault(known => known.Provider == provider).Systems;
        return systems is not null && runtimeIdentifier is not null && !systems.Split(' ').Contains(runtimeIdentifier.Split('-')[0]);
    }
}
