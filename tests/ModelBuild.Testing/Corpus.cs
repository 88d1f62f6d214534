using System.Runtime.CompilerServices;
using Xunit;

namespace ModelBuild.Testing;

/// <summary>
/// The real models and data that tests run on when they are there: the folder named by <c>MODELBUILD_CORPUS</c>,
/// or <c>shared/corpus</c> beside the repository.
/// </summary>
public static class Corpus
{
    /// <summary>The repository's root folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The corpus folder, whether it exists or not.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("MODELBUILD_CORPUS") is { Length: > 0 } folder
            ? System.IO.Path.GetFullPath(folder)
            : System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository, "..", "shared", "corpus"));

    /// <summary>The full path of a corpus file or folder; skips the calling test, saying what is missing, when it is not there.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.Combine(Root, relative);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"The corpus has no '{relative}' (looked in '{Root}'; MODELBUILD_CORPUS names another folder).");
        return path;
    }

    /// <summary>Every .onnx file of the corpus, relative to its root, in ordinal order; empty without a corpus.</summary>
    public static IReadOnlyList<string> Models() =>
        Directory.Exists(Root)
            ?
            [
                .. Directory
                    .EnumerateFiles(Root, "*.onnx", SearchOption.AllDirectories)
                    .Select(path => System.IO.Path.GetRelativePath(Root, path).Replace('\\', '/'))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    private static string FindRepository([CallerFilePath] string thisFile = "")
    {
        // Deterministic CI builds map source paths away, so the test's own folder is the first try.
        foreach (var start in new[] { AppContext.BaseDirectory, thisFile })
            for (var folder = System.IO.Path.GetDirectoryName(start); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
                if (File.Exists(System.IO.Path.Combine(folder, "ModelBuild.sln")))
                    return folder;
        throw new DirectoryNotFoundException("ModelBuild.sln was not found above the tests.");
    }
}
