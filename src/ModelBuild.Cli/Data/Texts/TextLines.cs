using System.Text.Json;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Reads files with a text in each line: sentences, or JSON strings and objects if the name ends in <c>.jsonl</c>.</summary>
internal static class TextLines
{
    /// <summary>Reads the texts of files. Blank lines are skipped.</summary>
    /// <param name="files">The paths of the files.</param>
    /// <exception cref="CompressionException">MB1019: a file is empty or malformed.</exception>
    public static IReadOnlyList<TextRow> Read(IReadOnlyList<string> files) => [.. files.SelectMany(Read)];

    private static List<TextRow> Read(string file)
    {
        var isJson = Path.GetExtension(file).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);
        var rows = StrictText.Lines(file).Select(line => isJson ? Json(line.Line, line.Place) : new TextRow(line.Line, null, null, line.Place)).ToList();
        return rows.Count > 0 ? rows : throw DataFault.Of(file, "The file is empty: it has no line with a text.");
    }

    private static TextRow Json(string line, DataPlace place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.String => new TextRow(document.RootElement.GetString()!, null, null, place),
                JsonValueKind.Object => TextColumns.Row(Columns(document.RootElement, place), place),
                _ => throw DataFault.Of(place, "is neither a JSON object nor a JSON string."),
            };
        }
        // The reader throws an InvalidOperationException for a string with half of a surrogate pair.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw DataFault.Of(place, $"is not JSON: {Reason(exception)}", exception);
        }
    }

    private static Dictionary<string, string?> Columns(JsonElement root, DataPlace place)
    {
        var columns = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
            columns[property.Name.ToLowerInvariant()] = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString(),
                JsonValueKind.Null => null,
                JsonValueKind.Number => property.Value.GetRawText(),
                _ => property.Name.Equals(TextColumns.Label, StringComparison.OrdinalIgnoreCase)
                    ? throw DataFault.Of(place, $"has a '{property.Name}' that is neither a name nor a number.")
                    : null,
            };
        return columns;
    }

    // Returns the reason of an exception without its position. The position counts lines from 0 and the text has only one line, so that it would not help.
    private static string Reason(Exception exception) => exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
}
