using System.Diagnostics.CodeAnalysis;

namespace ModelBuild.Compression.Options;

/// <summary>A file that a step reads. Its path counts from the folder of the project, of the recipe file, or from the current one on the command line.</summary>
/// <param name="Path">The path as the recipe writes it.</param>
internal sealed record DataFile(string Path)
{
    /// <summary>Reads a path, which stands in single quotes where it has commas or parentheses; false where there is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DataFile? file)
    {
        file = QuotedText.IsClosed(text) && string.Concat(QuotedText.Meant(text).Select(c => c.Value)) is { Length: > 0 } path ? new DataFile(path) : null;
        return file is not null;
    }

    /// <summary>The full path.</summary>
    /// <param name="folder">Where paths count from; empty for the current folder.</param>
    public string In(string folder) => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, Path));

    /// <summary>The path as a recipe writes it.</summary>
    public override string ToString() => QuotedText.Quote(Path);
}
