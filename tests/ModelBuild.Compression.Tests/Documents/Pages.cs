using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>The repository's documents.</summary>
internal static class Pages
{
    /// <summary>Paths relative to the repository, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Directory
            .EnumerateFiles(Path.Combine(Corpus.Repository, "docs"), "*.md")
            .Select(path => "docs/" + Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a page.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Corpus.Repository, page));

    /// <summary>The first cells of the rows of a table, given its header line's beginning.</summary>
    public static IReadOnlyList<string> FirstCells(string page, string header) =>
        [
            .. Read(page)
                .Split('\n')
                .SkipWhile(line => !line.StartsWith(header, StringComparison.Ordinal))
                .Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|')[1].Trim()),
        ];
}
