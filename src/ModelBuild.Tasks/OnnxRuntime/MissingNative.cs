using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Reports that an application has no native library of ONNX Runtime for its platform.</summary>
internal static class MissingNative
{
    private const string ManagedLibrary = "Microsoft.ML.OnnxRuntime.dll";

    /// <summary>Returns sentences about the missing library and the remedy; null if the library exists, or if its existence cannot be determined.</summary>
    /// <param name="runtimeIdentifier">The application's platform; empty for an application that runs on any platform.</param>
    /// <param name="assets">The files of packages that the application gets.</param>
    /// <param name="files">The files that the project lists as its own items.</param>
    /// <param name="restored">Returns the libraries of the packages for other platforms; it is called only if a library is missing.</param>
    public static string? Find(
        string runtimeIdentifier,
        IEnumerable<ITaskItem> assets,
        IEnumerable<ITaskItem> files,
        Func<IReadOnlyList<RestoredNative>> restored
    )
    {
        string[] paths = [.. assets.Select(item => item.ItemSpec)];
        if (runtimeIdentifier.Length == 0 || !paths.Any(path => Path.GetFileName(path) == ManagedLibrary))
            return null;
        if (files.Any(item => IsOwn(item, runtimeIdentifier)))
            return null;

        string[] platforms =
        [
            .. paths.Select(NativePath.Of).OfType<NativePath>().Where(native => native.IsOnnxRuntime).Select(native => native.RuntimeIdentifier),
        ];
        if (platforms.Length == 0)
            return $"The application is built for {runtimeIdentifier}, but none of its packages has ONNX Runtime's native library for that platform, "
                + "so creating a model fails there. "
                + Remedy(restored());
        // On platforms with musl, NuGet falls back to the library for glibc of the same processor, which does not load there and does not count.
        return IsMusl(runtimeIdentifier) && !platforms.Any(IsMusl)
            ? $"The application is built for {runtimeIdentifier}, but gets ONNX Runtime's native library for {platforms[0]}, which needs glibc: "
                + "it does not load on Alpine Linux and other systems with musl. "
                + Remedy(restored())
            : null;
    }

    /// <summary>Returns the platforms for which each package has the library.</summary>
    public static string Platforms(IReadOnlyList<RestoredNative> restored) =>
        string.Join(
            "; ",
            restored.GroupBy(native => native.Package, StringComparer.OrdinalIgnoreCase).Select(group => $"{group.Key} has {string.Join(", ", Names(group))}")
        );

    private static IEnumerable<string> Names(IEnumerable<RestoredNative> natives) =>
        natives.Select(native => native.RuntimeIdentifier).Distinct().OrderBy(rid => rid, StringComparer.Ordinal);

    private static string Remedy(IReadOnlyList<RestoredNative> restored)
    {
        var packages = Platforms(restored);
        return (packages.Length > 0 ? packages + ". " : "")
            + "Publish for one of these platforms, reference a package or version that has the library, "
            + "or add your own library to the project as Content.";
    }

    // Returns whether a library is an item of the project itself. Two kinds of files do not count: libraries of other platforms, which the props files of
    // packages add to the items, and files of an earlier publish in the project's folder, which are not copied.
    private static bool IsOwn(ITaskItem item, string runtimeIdentifier) =>
        Path.GetFileName(item.ItemSpec) == NativePath.LibraryOn(runtimeIdentifier)
        && (NativePath.Of(item.ItemSpec) is not { } native || native.RuntimeIdentifier == runtimeIdentifier)
        && new[] { "CopyToOutputDirectory", "CopyToPublishDirectory" }.Any(copy => item.GetMetadata(copy) is "Always" or "PreserveNewest" or "IfDifferent");

    private static bool IsMusl(string runtimeIdentifier) =>
        runtimeIdentifier.IndexOf("musl", StringComparison.OrdinalIgnoreCase) >= 0
        || runtimeIdentifier.StartsWith("alpine", StringComparison.OrdinalIgnoreCase);
}
