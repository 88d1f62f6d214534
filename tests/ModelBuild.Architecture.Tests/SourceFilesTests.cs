using ModelBuild.Testing;

namespace ModelBuild.Architecture.Tests;

/// <summary>The source files keep to the length of a line that <c>.editorconfig</c> names.</summary>
public sealed class SourceFilesTests
{
    private const int MaxLineLength = 160;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    public void No_line_is_longer_than_160_characters(string folder)
    {
        var root = Path.Combine(Corpus.Repository, folder);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => IsSource(Path.GetRelativePath(root, file))).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(LongLines));
    }

    private static IEnumerable<string> LongLines(string file) =>
        File.ReadLines(file)
            .Index()
            .Where(line => line.Item.Length > MaxLineLength)
            .Select(line => $"{Path.GetRelativePath(Corpus.Repository, file)}({line.Index + 1}): {line.Item.Length} characters");

    // The folders obj and bin contain what a build makes.
    private static bool IsSource(string path) => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
}
