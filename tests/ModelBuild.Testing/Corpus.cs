using System.Runtime.CompilerServices;

namespace ModelBuild.Testing;

/// <summary>
/// The real models and data that tests run on when they are there: the folder named by <c>MODELBUILD_CORPUS</c>,
/// or <c>shared/corpus</c> beside the repository.
/// </summary>
public static class Corpus
{
    // The file Fast.runsettings sets this variable.
    private const string FastVariable = "MODELBUILD_FAST_TESTS";
    private const string ModelFolder = "models";

    /// <summary>The repository's root folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The corpus folder, whether it exists or not.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("MODELBUILD_CORPUS") is { Length: > 0 } folder
            ? System.IO.Path.GetFullPath(folder)
            : System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository, "..", "shared", "corpus"));

    /// <summary>The full path of a corpus file or folder. When it is not there, <see cref="MissingData"/> decides about the calling test.</summary>
    /// <exception cref="InvalidOperationException">The run is one of the fast tests, which need no corpus.</exception>
    public static string Path(string relative)
    {
        if (Environment.GetEnvironmentVariable(FastVariable) == "1")
            throw new InvalidOperationException("This test needs the corpus, so it is not one of the fast tests: mark it with [Trait(\"Speed\", \"Slow\")].");
        var path = System.IO.Path.Combine(Root, relative);
        if (!File.Exists(path) && !Directory.Exists(path))
            MissingData.SkipOrFail($"The corpus has no '{relative}' (looked in '{Root}'; MODELBUILD_CORPUS names another folder).");
        return path;
    }

    /// <summary>The full path of one of the names that <see cref="ModelsOrNone"/> gives.</summary>
    public static string Model(string name)
    {
        var path = Path(name);
        if (Directory.Exists(path))
            MissingData.SkipOrFail($"There is no model in '{path}'.");
        return path;
    }

    /// <summary>
    /// Every .onnx file of the corpus that a condition holds for. Where there is none, the folder of models: a theory over this has at least one case,
    /// which <see cref="Model"/> ends.
    /// </summary>
    public static IEnumerable<string> ModelsOrNone(Func<string, bool>? condition = null) =>
        Models().Where(condition ?? (_ => true)).DefaultIfEmpty(ModelFolder);

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
        // Deterministic builds replace source paths, so the folder of the test is tried first.
        foreach (var start in new[] { AppContext.BaseDirectory, thisFile })
            for (var folder = System.IO.Path.GetDirectoryName(start); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
                if (File.Exists(System.IO.Path.Combine(folder, "ModelBuild.sln")))
                    return folder;
        throw new DirectoryNotFoundException("ModelBuild.sln was not found above the tests.");
    }
}
