using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Says that an application gets no native library of ONNX Runtime that loads on its platform.</summary>
internal static class MissingNative
{
    private const string ManagedLibrary = "Microsoft.ML.OnnxRuntime.dll";

    /// <summary>What is missing and what to do; null when all is well or nothing can be said.</summary>
    /// <param name="runtimeIdentifier">The application's platform; empty for one that runs anywhere.</param>
    /// <param name="assets">The files that packages bring to the application.</param>
    /// <param name="files">Files that the project names itself.</param>
    /// <param name="restored">What the packages have for other platforms; asked for only when something is missing.</param>
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
            return $"The application is for {runtimeIdentifier}, and none of its packages has ONNX Runtime's native library for that platform, "
                + "so creating a model fails there. "
                + Cure(restored());
        // NuGet falls back from musl to the platform of the same processor, which has another C library.
        return IsMusl(runtimeIdentifier) && !platforms.Any(IsMusl)
            ? $"The application is for {runtimeIdentifier}, and gets ONNX Runtime's native library for {platforms[0]}, which needs glibc: "
                + "it does not load on Alpine Linux and others with musl. "
                + Cure(restored())
            : null;
    }

    /// <summary>The platforms that each package has the library for.</summary>
    public static string Platforms(IReadOnlyList<RestoredNative> restored) =>
        string.Join(
            "; ",
            restored.GroupBy(native => native.Package, StringComparer.OrdinalIgnoreCase).Select(group => $"{group.Key} has {string.Join(", ", Names(group))}")
        );

    private static IEnumerable<string> Names(IEnumerable<RestoredNative> natives) =>
        natives.Select(native => native.RuntimeIdentifier).Distinct().OrderBy(rid => rid, StringComparer.Ordinal);

    private static string Cure(IReadOnlyList<RestoredNative> restored)
    {
        var packages = Platforms(restored);
        return (packages.Length > 0 ? packages + ". " : "")
            + "Publish for one of these platforms, reference a package or version that has the library, "
            + "or add a library of your own to the project as Content.";
    }

    // The packages' props name libraries of other platforms as files of the project, and what an earlier publish left in the project's folder is not copied.
    private static bool IsOwn(ITaskItem item, string runtimeIdentifier) =>
        Path.GetFileName(item.ItemSpec) == NativePath.LibraryOn(runtimeIdentifier)
        && (NativePath.Of(item.ItemSpec) is not { } native || native.RuntimeIdentifier == runtimeIdentifier)
        && new[] { "CopyToOutputDirectory", "CopyToPublishDirectory" }.Any(copy => item.GetMetadata(copy) is "Always" or "PreserveNewest" or "IfDifferent");

    private static bool IsMusl(string runtimeIdentifier) =>
        runtimeIdentifier.IndexOf("musl", StringComparison.OrdinalIgnoreCase) >= 0
        || runtimeIdentifier.StartsWith("alpine", StringComparison.OrdinalIgnoreCase);
}
