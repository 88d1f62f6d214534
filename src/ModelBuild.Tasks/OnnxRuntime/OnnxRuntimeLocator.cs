using System.Runtime.InteropServices;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>
/// Finds ONNX Runtime among the package files that the project resolved. The official packages keep the managed library in
/// Microsoft.ML.OnnxRuntime.Managed, others keep all in one: the managed file and the native folder are looked for apart.
/// </summary>
internal static class OnnxRuntimeLocator
{
    private const string CpuPackage = "Microsoft.ML.OnnxRuntime";

    /// <summary>The package's parts for the machine that builds, also when the project is for another; null when there is none.</summary>
    public static OnnxRuntimePackage? Find(IEnumerable<ITaskItem> assets)
    {
        var files = assets.Where(IsOnnxRuntime).ToList();
        var managed = files
            .Select(item => item.GetMetadata("FullPath"))
            .FirstOrDefault(path => Path.GetFileName(path) == "Microsoft.ML.OnnxRuntime.dll" && IsImplementation(path) && File.Exists(path));
        // The CPU package first: a build machine need not have what Gpu or QNN need to load.
        var native = files
            .OrderBy(item => item.GetMetadata("NuGetPackageId") == CpuPackage ? 0 : 1)
            .Select(PackageRoot).OfType<string>().Distinct(StringComparer.Ordinal)
            .SelectMany(root => HostIdentifiers().Select(rid => Path.Combine(root, "runtimes", rid, "native")))
            .FirstOrDefault(Directory.Exists);
        return managed is null || native is null ? null : new OnnxRuntimePackage(managed, native);
    }

    /// <summary>The packages, other than the one for the CPU, that bring a native ONNX Runtime; in ordinal order.</summary>
    public static IReadOnlyList<string> OtherNativePackages(IEnumerable<ITaskItem> assets) =>
        [.. assets.Where(item => Path.GetFileName(item.ItemSpec) is "onnxruntime.dll" or "libonnxruntime.so" or "libonnxruntime.dylib")
            .Select(item => item.GetMetadata("NuGetPackageId"))
            .Where(package => package.Length > 0 && package != CpuPackage)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .OrderBy(package => package, StringComparer.Ordinal)];

    private static bool IsOnnxRuntime(ITaskItem item) =>
        item.GetMetadata("NuGetPackageId").IndexOf("OnnxRuntime", StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsImplementation(string path) => path.Replace('\\', '/').IndexOf("/ref/", StringComparison.Ordinal) < 0;

    private static string? PackageRoot(ITaskItem item)
    {
        var path = item.GetMetadata("FullPath").Replace('\\', '/');
        var inPackage = item.GetMetadata("PathInPackage").Replace('\\', '/');
        return inPackage.Length > 0 && path.EndsWith("/" + inPackage, StringComparison.Ordinal)
            ? path.Substring(0, path.Length - inPackage.Length)
            : null;
    }

    private static IEnumerable<string> HostIdentifiers()
    {
        var system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";
        // A 32-bit MSBuild still starts the machine's own dotnet.
        var architectures = new[] { RuntimeInformation.ProcessArchitecture, RuntimeInformation.OSArchitecture }.Distinct();
        return architectures.Select(architecture => system + "-" + architecture.ToString().ToLowerInvariant());
    }
}
