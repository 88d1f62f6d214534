using System.Buffers;
using System.Text;

namespace ModelBuild.Compression.Options;

/// <summary>
/// Reads and writes recipe texts with single quotes, which make special characters literal: <c>'a|b (1)'</c>. A quote inside quotes is doubled, as in SQL.
/// </summary>
internal static class QuotedText
{
    private const char Mark = '\'';

    // The characters with a meaning in lists, patterns or the one-line form of recipes. A name that contains one of them is quoted.
    private static readonly SearchValues<char> Special = SearchValues.Create("|*?',()");

    /// <summary>Returns a pattern that matches only the given name, with quotes if it has special characters.</summary>
    public static string Quote(string name) =>
        name.Length == 0 || name.AsSpan().IndexOfAny(Special) >= 0 || name != name.Trim() ? $"'{name.Replace("'", "''", StringComparison.Ordinal)}'" : name;

    /// <summary>
    /// Returns an equivalent text whose commas and parentheses are in quotes, because the one-line form of recipes uses them as separators.
    /// </summary>
    public static string Protect(string text)
    {
        if (!Characters(text).Any(c => !c.IsQuoted && Separates(c.Value)))
            return text;
        var written = new StringBuilder();
        var quoted = false;
        foreach (var (value, isLiteral) in Unescape(text))
        {
            if (quoted != (isLiteral || Separates(value)))
                written.Append(Mark);
            quoted = isLiteral || Separates(value);
            written.Append(value, value == Mark ? 2 : 1);
        }

        return written.Append(Mark, quoted ? 1 : 0).ToString();
    }

    /// <summary>Returns the trimmed parts between separators outside quotes, without empty parts. Quotes remain.</summary>
    public static IReadOnlyList<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        foreach (var (i, c) in Characters(text + separator).Index())
            if (i == text.Length || (!c.IsQuoted && c.Value == separator))
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }

        return [.. parts.Where(part => part.Length > 0)];
    }

    /// <summary>Returns the last index of a character outside quotes, or −1.</summary>
    public static int LastIndexOf(string text, char value)
    {
        var last = -1;
        foreach (var (i, c) in Characters(text).Index())
            if (!c.IsQuoted && c.Value == value)
                last = i;
        return last;
    }

    /// <summary>Returns whether all single quotes of a text are closed.</summary>
    public static bool IsClosed(string text) => text.Count(c => c == Mark) % 2 == 0;

    /// <summary>Removes the quotes and returns the characters, each with whether it is literal.</summary>
    public static IEnumerable<(char Value, bool IsLiteral)> Unescape(string text)
    {
        for (var (i, quoted) = (0, false); i < text.Length; i++)
            if (text[i] != Mark)
                yield return (text[i], quoted);
            else if (quoted && i + 1 < text.Length && text[i + 1] == Mark)
                yield return (text[i++], true);
            else
                quoted = !quoted;
    }

    private static bool Separates(char value) => value is ',' or '(' or ')';

    // Returns the characters of a text, each with whether it is inside quotes. A doubled quote closes and opens the quotation, which makes no difference for
    // characters outside quotes.
    private static IEnumerable<(char Value, bool IsQuoted)> Characters(string text)
    {
        var quoted = false;
        foreach (var c in text)
        {
            quoted ^= c == Mark;
            yield return (c, quoted);
        }
    }
}
