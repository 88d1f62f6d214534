namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Which package brings an execution provider, and where it runs; what an application asks for and cannot have is said at build time.</summary>
internal static class ProviderPackages
{
    // A build of one's own, as there is no package.
    private const string OwnBuild = "";

    // No package where the provider is part of Microsoft.ML.OnnxRuntime on its systems, or comes as a plug-in library by other ways.
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

    /// <summary>What brings a provider, when none of the packages does; null when all is well or nothing can be said.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="packages">The packages of ONNX Runtime beside that for the CPU.</param>
    public static string? Missing(string provider, IReadOnlyList<string> packages)
    {
        var package = _known.FirstOrDefault(known => known.Provider == provider).Package;
        if (package is null || packages.Any(name => Brings(name, package) || IsForeign(name)))
            return null;
        return package == OwnBuild ? "an ONNX Runtime that is built with it" : "the package " + package;
    }

    /// <summary>Whether a provider can never run where the application goes.</summary>
    public static bool IsElsewhere(string provider, string? runtimeIdentifier)
    {
        var systems = _known.FirstOrDefault(known => known.Provider == provider).Systems;
        return systems is not null && runtimeIdentifier is not null && !systems.Split(' ').Contains(runtimeIdentifier.Split('-')[0]);
    }

    // Somebody else's build of ONNX Runtime may have anything.
    private static bool IsForeign(string name) =>
        !name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.OrdinalIgnoreCase) && !_known.Any(known => Brings(name, known.Package));

    // Microsoft.ML.OnnxRuntime.Gpu itself holds nothing: its files are in Gpu.Windows and Gpu.Linux.
    private static bool Brings(string name, string? package) => package is { Length: > 0 } && name.StartsWith(package, StringComparison.OrdinalIgnoreCase);
}
