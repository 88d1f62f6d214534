using System.Diagnostics.CodeAnalysis;

namespace ModelBuild.Compression.Options;

/// <summary>
/// A file that a step reads. A relative path starts at the folder of the project or the recipe file, or at the current folder for the command line.
/// </summary>
/// <param name="Path">The path as the recipe writes it.</param>
internal sealed record DataFile(string Path)
{
    /// <summary>Reads a path, which needs single quotes if it contains commas or parentheses. Returns false when the text holds no path.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DataFile? file)
    {
        file = QuotedText.IsClosed(text) && string.Concat(QuotedText.Unescape(text).Select(c => c.Value)) is { Length: > 0 } path ? new DataFile(path) : null;
        return file is not null;
    }

    /// <summary>Returns the full path of the file.</summary>
    /// <param name="folder">The folder that relative paths start at; empty for the current folder.</param>
    public string In(string folder) => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, Path));

    /// <summary>Returns the path as recipes write it.</summary>
    public override string ToString() => QuotedText.Quote(Path);
}
