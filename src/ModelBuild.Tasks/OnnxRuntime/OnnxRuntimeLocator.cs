using System.Runtime.InteropServices;
using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>
/// Finds ONNX Runtime among the package files that the project resolved. The official packages have the managed library in Microsoft.ML.OnnxRuntime.Managed and
/// others have it in the same package, so the managed file and the native folder are searched separately.
/// </summary>
internal static class OnnxRuntimeLocator
{
    private const string CpuPackage = "Microsoft.ML.OnnxRuntime";

    /// <summary>Returns the ONNX Runtime for the build machine, even if the project is built for another platform; null if there is none.</summary>
    /// <param name="assets">The files of the packages that the project references.</param>
    /// <param name="restored">
    /// Returns the libraries of the packages for all platforms; it is called only if no asset has a library for the build machine.
    /// </param>
    public static OnnxRuntimePackage? Find(IEnumerable<ITaskItem> assets, Func<IReadOnlyList<RestoredNative>> restored)
    {
        var files = assets.Where(IsOnnxRuntime).ToList();
        var managed = files
            .Select(item => item.GetMetadata("FullPath"))
            .FirstOrDefault(path => Path.GetFileName(path) == "Microsoft.ML.OnnxRuntime.dll" && IsImplementation(path) && File.Exists(path));
        // The CPU package is preferred, because the build machine may lack the libraries that the Gpu or QNN packages need.
        var native =
            files
                .OrderBy(item => item.GetMetadata("NuGetPackageId") == CpuPackage ? 0 : 1)
                .Select(PackageRoot)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .SelectMany(root => HostIdentifiers().Select(rid => Path.Combine(root, "runtimes", rid, "native")))
                .FirstOrDefault(Directory.Exists)
            ?? (managed is null ? null : InRestored(restored()));
        return managed is null || native is null ? null : new OnnxRuntimePackage(managed, native);
    }

    /// <summary>Returns the reason why no ONNX Runtime was found, and the remedy.</summary>
    /// <param name="restored">The libraries of the packages for all platforms.</param>
    public static string WhyNot(IReadOnlyList<RestoredNative> restored) =>
        restored.Count == 0 || restored.Any(native => HostIdentifiers().Contains(native.RuntimeIdentifier))
            ? "No ONNX Runtime is among the project's packages, so no model can be checked. "
                + "Add <PackageReference Include=\"Microsoft.ML.OnnxRuntime\" /> (or remove ExcludeAssets from it) and restore; "
                + "ModelBuild references it by default."
            : $"The project's ONNX Runtime has no native library for the machine that builds ({HostIdentifiers().First()}), so no model can be checked: "
                + MissingNative.Platforms(restored)
                + ". Reference a version that has it (older versions of Microsoft.ML.OnnxRuntime had osx-x64), "
                + "or build on one of these platforms.";

    /// <summary>Returns the ONNX Runtime packages other than that for the CPU (other builds, and plug-ins with providers) in ordinal order.</summary>
    public static IReadOnlyList<string> OtherPackages(IEnumerable<ITaskItem> assets) =>
        Packages(assets.Where(item => IsNative(item) || (IsOnnxRuntime(item) && item.GetMetadata("AssetType") == "native")));

    /// <summary>
    /// Returns the first file of ONNX Runtime that several packages copy to the same path, where the last copy would win; null if there is none. The package
    /// for the CPU does not count, because its library is replaced on purpose.
    /// </summary>
    public static NativeClash? Clash(IEnumerable<ITaskItem> assets) =>
        assets
            .Where(IsNative)
            .GroupBy(
                item => item.GetMetadata("DestinationSubPath") is { Length: > 0 } path ? path : item.GetMetadata("PathInPackage"),
                StringComparer.OrdinalIgnoreCase
            )
            .OrderBy(files => files.Key, StringComparer.Ordinal)
            .Select(files => new NativeClash(files.Key, Packages(files)))
            .FirstOrDefault(clash => clash.Packages.Count > 1);

    private static string? InRestored(IReadOnlyList<RestoredNative> restored) =>
        HostIdentifiers()
            .SelectMany(rid =>
                restored
                    .Where(native => native.RuntimeIdentifier == rid)
                    .OrderBy(native => native.Package.StartsWith(CpuPackage + " ", StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            )
            .Select(native => native.Folder)
            .FirstOrDefault(Directory.Exists);

    private static IReadOnlyList<string> Packages(IEnumerable<ITaskItem> items) =>
        [
            .. items
                .Select(item => item.GetMetadata("NuGetPackageId"))
                .Where(package => package.Length > 0 && package != CpuPackage)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .OrderBy(package => package, StringComparer.Ordinal),
        ];

    private static bool IsNative(ITaskItem item) => Path.GetFileName(item.ItemSpec) is "onnxruntime.dll" or "libonnxruntime.so" or "libonnxruntime.dylib";

    private static bool IsOnnxRuntime(ITaskItem item) => item.GetMetadata("NuGetPackageId").IndexOf("OnnxRuntime", StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool IsImplementation(string path) => path.Replace('\\', '/').IndexOf("/ref/", StringComparison.Ordinal) < 0;

    private static string? PackageRoot(ITaskItem item)
    {
        var path = item.GetMetadata("FullPath").Replace('\\', '/');
        var inPackage = item.GetMetadata("PathInPackage").Replace('\\', '/');
        return inPackage.Length > 0 && path.EndsWith("/" + inPackage, StringComparison.Ordinal) ? path.Substring(0, path.Length - inPackage.Length) : null;
    }

    private static IEnumerable<string> HostIdentifiers()
    {
        var system =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
            : "linux";
        // The architecture of the machine is tried after that of the process, because a 32-bit MSBuild starts the dotnet of the machine's architecture.
        var architectures = new[] { RuntimeInformation.ProcessArchitecture, RuntimeInformation.OSArchitecture }.Distinct();
        return architectures.Select(architecture => system + "-" + architecture.ToString().ToLowerInvariant());
    }
}
