using System.IO.Compression;

namespace ModelBuild.Integration.Tests.Building;

/// <summary>Writes a package of text files, which stands for one that is too large for a test.</summary>
internal static class FakePackage
{
    public const string Version = "1.32.0";

    /// <summary>Writes the package into a feed.</summary>
    /// <param name="feed">The folder.</param>
    /// <param name="id">The package's name.</param>
    /// <param name="files">Path and content of each file.</param>
    public static void Write(string feed, string id, params (string Path, string Text)[] files)
    {
        using var package = ZipFile.Open(Path.Combine(feed, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        Entry(
            package,
            id + ".nuspec",
            $"""
            <package>
              <metadata>
                <id>{id}</id><version>{Version}</version><authors>tests</authors><description>Stands for another package.</description>
              </metadata>
            </package>
            """
        );
        foreach (var (path, text) in files)
            Entry(package, path, text);
    }

    private static void Entry(ZipArchive package, string name, string text)
    {
        using var writer = new StreamWriter(package.CreateEntry(name).Open());
        writer.Write(text);
    }
}
