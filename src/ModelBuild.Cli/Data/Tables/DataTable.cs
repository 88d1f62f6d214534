using ModelBuild.Cli.Data.Files;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Tables;

/// <summary>Represents the rows of tables: texts, or the names of pictures or of recordings.</summary>
/// <param name="Texts">The texts; empty if the tables name files.</param>
/// <param name="Files">The paths of the files, with the label and the place of each; empty if the tables have texts.</param>
internal sealed record DataTable(IReadOnlyList<TextRow> Texts, IReadOnlyList<(string Path, string? Label, DataPlace Place)> Files)
{
    private const string FileColumn = "file";

    /// <summary>Reads tables. Paths in them are relative to the folder of their table.</summary>
    /// <param name="tables">The paths of the tables.</param>
    /// <exception cref="CompressionException">MB1019: a table is empty or malformed, names a missing file, or differs in kind from others.</exception>
    public static DataTable Read(IReadOnlyList<string> tables)
    {
        var texts = new List<TextRow>();
        var files = new List<(string Path, string? Label, DataPlace Place)>();
        foreach (var table in tables)
        foreach (var (columns, place) in Rows(table))
            if (columns.TryGetValue(FileColumn, out var name))
                files.Add((Existing(name!, place), columns.GetValueOrDefault(TextColumns.Label), place));
            else
                texts.Add(TextColumns.Row(columns, place));
        if (texts.Count > 0 && files.Count > 0)
            throw DataFault.Of(
                files[0].Place.File,
                $"The table names files, and '{Path.GetFileName(texts[0].Place.File)}' has texts. Give one kind of tables."
            );
        if (files.FirstOrDefault(file => DataKinds.Of(file.Path) != DataKinds.Of(files[0].Path)) is { Path: not null } other)
            throw DataFault.Of(other.Place, $"names a file of another kind than line {files[0].Place.Line}. Give pictures and sounds in tables of their own.");
        return new DataTable(texts, files);
    }

    private static IEnumerable<(Dictionary<string, string?> Columns, DataPlace Place)> Rows(string table)
    {
        string[]? names = null;
        var hasRows = false;
        foreach (var (fields, place) in CsvReader.Read(table))
        {
            if (names is null)
            {
                names = [.. fields.Select(field => field.Trim().ToLowerInvariant())];
                if (!names.Contains(FileColumn) && !TextColumns.HaveTexts(names))
                    throw DataFault.Of(place, $"has to name the columns, and none of them is '{FileColumn}' or a text. {TextColumns.Expected(names)}");
                if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
                    throw DataFault.Of(place, "names a column twice.");
                continue;
            }

            if (fields.Length != names.Length)
                throw DataFault.Of(place, $"has {fields.Length} fields, and there are {names.Length} columns. A field with a comma needs quotation marks.");
            hasRows = true;
            yield return (Columns(names, fields), place);
        }

        if (!hasRows)
            throw DataFault.Of(table, "The table is empty: it has no row below the names of its columns.");
    }

    // Returns the fields of a row by the names of their columns. An empty label counts as a missing label, but an empty text counts as a text.
    private static Dictionary<string, string?> Columns(string[] names, string[] fields)
    {
        var columns = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, field) in names.Zip(fields))
            columns[name] = name == TextColumns.Label && field.Length == 0 ? null : field;
        return columns;
    }

    private static string Existing(string name, DataPlace place)
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(place.File))!, name));
        if (!File.Exists(path))
            throw DataFault.Of(place, $"names the file '{name}', which does not exist (looked for '{path}').");
        return DataKinds.Of(path) is DataKind.Pictures or DataKind.Sounds
            ? path
            : throw DataFault.Of(place, $"names the file '{name}', which is neither a picture nor a .wav.");
    }
}
