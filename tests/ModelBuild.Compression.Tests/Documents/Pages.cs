using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Documents;

/// <summary>Reads the documents of the repository.</summary>
internal static class Pages
{
    /// <summary>Gets the paths of the documents, relative to the repository and with slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Directory
            .EnumerateFiles(Path.Combine(Corpus.Repository, "docs"), "*.md")
            .Select(path => "docs/" + Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Returns the text of a page.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Corpus.Repository, page));

    /// <summary>Returns the first cells of the rows of the table whose header line begins with the given text.</summary>
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
