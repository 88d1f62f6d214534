using ModelBuild.Testing;

namespace ModelBuild.RealData;

/// <summary>The first bytes of the files of the corpus and the repository, for a model that classifies files.</summary>
public static class FileBytes
{
    private const int Length = 2048;
    private const int Padding = 256;

    /// <summary>Writes the bytes of files; every third file is for tests.</summary>
    /// <param name="file">The <c>.npz</c> file.</param>
    /// <param name="isTest">Whether the bytes are for tests.</param>
    /// <param name="input">The input's name.</param>
    public static void Save(string file, bool isTest, string input)
    {
        string[] folders =
        [
            Path.Combine(Corpus.Root, "data"),
            Path.Combine(Corpus.Root, "models"),
            Path.Combine(Corpus.Repository, "docs"),
            Path.Combine(Corpus.Repository, "build"),
            Path.Combine(Corpus.Repository, "tests", "ModelBuild.RealData"),
        ];
        var files = folders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            .Where(path =>
                !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            )
            .Where((_, i) => i % 3 == 2 == isTest)
            .ToArray();
        using var archive = new NumpyArchive(file);
        archive.Add(input, [files.Length, Length], files.Select(Start));
    }

    private static int[] Start(string path)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[Length];
        var read = stream.ReadAtLeast(bytes, Length, throwOnEndOfStream: false);
        return [.. bytes.Select((value, i) => i < read ? value : Padding)];
    }
}
