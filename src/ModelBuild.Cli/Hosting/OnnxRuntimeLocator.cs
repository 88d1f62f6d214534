namespace ModelBuild.Cli.Hosting;

/// <summary>Finds an ONNX Runtime in a given folder, or the newest one in this user's package folder.</summary>
internal static class OnnxRuntimeLocator
{
    /// <summary>The environment variable with the folder of an ONNX Runtime.</summary>
    private const string Variable = "MODELBUILD_ONNXRUNTIME";

    /// <summary>
    /// The folder in the tool's package with both libraries. The libraries are not in the folder of the program, because the process would load them from there
    /// before any other ONNX Runtime.
    /// </summary>
    private const string ToolFolder = "onnxruntime";

    private const string Assembly = "Microsoft.ML.OnnxRuntime.dll";

    private static readonly string[] NativeNames = ["libonnxruntime.so", "onnxruntime.dll", "libonnxruntime.dylib"];

    /// <summary>
    /// Returns the ONNX Runtime that the environment variable names, then the one of the tool's package, then the newest one in this user's package folder;
    /// null if there is none.
    /// </summary>
    public static OnnxRuntimeLocation? Find() =>
        (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? InFolder(folder) : null)
        ?? InFolder(AppContext.BaseDirectory)
        ?? InFolder(Path.Combine(AppContext.BaseDirectory, ToolFolder))
        ?? InPackages();

    /// <summary>
    /// Returns the ONNX Runtime in <paramref name="folder"/>, which is the root of a package or a folder with both libraries; null if there is none.
    /// </summary>
    public static OnnxRuntimeLocation? InFolder(string folder) =>
        Directory.Exists(folder)
        && FindManaged([folder, ManagedPackage(folder)]) is { } managed
        && FindNative([folder, Path.GetDirectoryName(managed)!]) is { } native
            ? new OnnxRuntimeLocation(managed, native)
            : null;

    /// <summary>Returns the newest ONNX Runtime in this user's package folder; null if there is none.</summary>
    public static OnnxRuntimeLocation? InPackages() =>
        PackageFolders.Versions("microsoft.ml.onnxruntime").Select(InFolder).FirstOrDefault(location => location is not null);

    // Returns the name of the package with the managed library, because official packages have it in a separate package of the same version.
    private static string ManagedPackage(string package) =>
        Path.Combine(Path.GetFullPath(package), "..", "..", "microsoft.ml.onnxruntime.managed", Path.GetFileName(Path.TrimEndingDirectorySeparator(package)));

    private static string? FindManaged(IEnumerable<string> roots) =>
        roots
            .SelectMany(root => new[] { root, Path.Combine(root, "lib", "net8.0"), Path.Combine(root, "lib", "netstandard2.0") })
            .Select(folder => Path.Combine(folder, Assembly))
            .FirstOrDefault(File.Exists);

    private static string? FindNative(IEnumerable<string> roots) =>
        roots
            .SelectMany(root => PackageFolders.Platforms.Select(platform => Path.Combine(root, "runtimes", platform, "native")).Prepend(root))
            .FirstOrDefault(folder => NativeNames.Any(name => File.Exists(Path.Combine(folder, name))));
}
