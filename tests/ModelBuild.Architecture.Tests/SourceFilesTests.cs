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
        var files = SourceFiles.Under(folder).Select(file => Path.Combine(folder, file)).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(LongLines));
    }

    private static IEnumerable<string> LongLines(string file) =>
        File.ReadLines(Path.Combine(Corpus.Repository, file))
            .Index()
            .Where(line => line.Item.Length > MaxLineLength)
            .Select(line => $"{file}({line.Index + 1}): {line.Item.Length} characters");
}
