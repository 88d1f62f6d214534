using System.Text;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Tables;

/// <summary>
/// Reads tables of RFC 4180: fields are separated by commas, a field in quotation marks may contain commas and line ends, and two quotation marks in such a
/// field stand for one. Lines end with CR LF or LF, and blank lines are skipped.
/// </summary>
internal static class CsvReader
{
    private const char Quote = '"';
    private const char Separator = ',';

    /// <summary>Reads the rows, the first of which has the names of the columns.</summary>
    /// <param name="file">The path of the file.</param>
    /// <exception cref="CompressionException">MB1019: the file cannot be read, or a field is malformed.</exception>
    public static IEnumerable<(string[] Fields, DataPlace Place)> Read(string file)
    {
        var text = StrictText.Read(file);
        var (position, line) = (0, 1);
        while (position < text.Length)
        {
            var place = new DataPlace(file, line);
            var fields = Row(text, ref position, ref line, place);
            if (fields is not [""])
                yield return (fields, place);
        }
    }

    private static string[] Row(string text, ref int position, ref int line, DataPlace place)
    {
        var fields = new List<string>();
        while (true)
        {
            var isQuoted = position < text.Length && text[position] == Quote;
            fields.Add(isQuoted ? Quoted(text, ref position, ref line, place) : Plain(text, ref position, place));
            if (position < text.Length && text[position] == Separator)
            {
                position++;
                continue;
            }

            if (position < text.Length && text[position] == '\r')
                position++;
            if (position < text.Length && text[position] != '\n')
                throw DataFault.Of(place, "has text behind a quotation mark that ends a field. Write two quotation marks for one inside a field.");
            position++;
            line++;
            return [.. fields];
        }
    }

    private static string Plain(string text, ref int position, DataPlace place)
    {
        var start = position;
        while (position < text.Length && text[position] is not (Separator or '\n') && !IsLineEnd(text, position))
            if (text[position++] == Quote)
                throw DataFault.Of(place, "has a quotation mark in a field that does not start with one. Put the whole field in quotation marks.");
        return text[start..position];
    }

    private static string Quoted(string text, ref int position, ref int line, DataPlace place)
    {
        var field = new StringBuilder();
        position++;
        while (position < text.Length)
        {
            var character = text[position++];
            if (character != Quote)
            {
                field.Append(character);
                line += character == '\n' ? 1 : 0;
            }
            else if (position < text.Length && text[position] == Quote)
            {
                field.Append(Quote);
                position++;
            }
            else
            {
                return field.ToString();
            }
        }

        throw DataFault.Of(place, "has a quotation mark that is not closed.");
    }

    private static bool IsLineEnd(string text, int position) => text[position] == '\r' && position + 1 < text.Length && text[position + 1] == '\n';
}
