namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>
/// Lists the package and the operating systems of each execution provider, so that the build can report a provider that the application cannot use.
/// </summary>
internal static class ProviderPackages
{
    // The value for a provider that has no package and needs a custom build of ONNX Runtime.
    private const string OwnBuild = "";

    // The providers with their packages and operating systems. The package is null if the provider is part of Microsoft.ML.OnnxRuntime on its systems, or if it
    // is a plug-in library that does not come from NuGet.
    private static readonly (string Provider, string? Package, string Systems)[] _known =
    [
        ("cuda", "Microsoft.ML.OnnxRuntime.Gpu", "win linux"),
        ("tensorrt", "Microsoft.ML.OnnxRuntime.Gpu", "win linux"),
        ("tensorrt-rtx", null, "win linux"),
        ("directml", "Microsoft.ML.OnnxRuntime.DirectML", "win"),
        ("openvino", "Intel.ML.OnnxRuntime.OpenVino", "win linux"),
        ("qnn", "Microsoft.ML.OnnxRuntime.QNN", "win linux android"),
        ("coreml", null, "osx ios maccatalyst"),
        ("webgpu", "Microsoft.ML.OnnxRuntime.EP.WebGpu", "win linux osx"),
        ("migraphx", OwnBuild, "win linux"),
        ("nnapi", null, "android"),
        ("xnnpack", null, "android ios"),
        ("dnnl", OwnBuild, "win linux osx"),
        ("cann", OwnBuild, "linux"),
        ("vitisai", null, "win linux"),
        ("azure", "Microsoft.ML.OnnxRuntime.Azure", "win linux osx"),
    ];

    /// <summary>
    /// Returns the name of the package that the project needs for a provider, or of a build of ONNX Runtime; null if one of the packages contains the provider,
    /// or if this cannot be determined.
    /// </summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="packages">The ONNX Runtime packages other than that for the CPU.</param>
    public static string? Missing(string provider, IReadOnlyList<string> packages)
    {
        var package = _known.FirstOrDefault(known => known.Provider == provider).Package;
        if (package is null || packages.Any(name => Brings(name, package) || IsForeign(name)))
            return null;
        return package == OwnBuild ? "a build of ONNX Runtime with this provider" : "the package " + package;
    }

    /// <summary>Returns whether a provider does not exist on the platform of the application.</summary>
    public static bool IsElsewhere(string provider, string? runtimeIdentifier)
    {
        var systems = _known.FirstOrDefault(known => known.Provider == provider).Systems;
        return systems is not null && runtimeIdentifier is not null && !systems.Split(' ').Contains(runtimeIdentifier.Split('-')[0]);
    }

    // Returns whether a package is a third-party build of ONNX Runtime, which may contain any provider.
    private static bool IsForeign(string name) =>
        !name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.OrdinalIgnoreCase) && !_known.Any(known => Brings(name, known.Package));

    // Returns whether the name of a package starts with that of a provider's package. Microsoft.ML.OnnxRuntime.Gpu has no files itself; they are in Gpu.Windows
    // and Gpu.Linux.
    private static bool Brings(string name, string? package) => package is { Length: > 0 } && name.StartsWith(package, StringComparison.OrdinalIgnoreCase);
}
