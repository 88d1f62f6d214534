using System.Buffers;
using System.Text;

namespace ModelBuild.Compression.Options;

/// <summary>
/// Texts in recipes in which single quotes make characters literal that mean something else otherwise, <c>'a|b (1)'</c>; a quote itself is written twice in them, as in SQL.
/// </summary>
internal static class QuotedText
{
    private const char Mark = '\'';

    // What separates, what stands for other characters, and what the one-line form of recipes is read by.
    private static readonly SearchValues<char> Special = SearchValues.Create("|*?',()");

    /// <summary>A name as a pattern that means this name only.</summary>
    public static string Quote(string name) =>
        name.Length == 0 || name.AsSpan().IndexOfAny(Special) >= 0 || name != name.Trim() ? $"'{name.Replace("'", "''", StringComparison.Ordinal)}'" : name;

    /// <summary>A text that means the same, with its commas and parentheses in quotes: the one-line form of recipes separates options by them.</summary>
    public static string Protect(string text)
    {
        if (!Characters(text).Any(c => !c.IsQuoted && Separates(c.Value)))
            return text;
        var written = new StringBuilder();
        var quoted = false;
        foreach (var (value, isLiteral) in Meant(text))
        {
            if (quoted != (isLiteral || Separates(value)))
                written.Append(Mark);
            quoted = isLiteral || Separates(value);
            written.Append(value, value == Mark ? 2 : 1);
        }

        return written.Append(Mark, quoted ? 1 : 0).ToString();
    }

    /// <summary>The parts between separators outside quotes, trimmed, without empty ones; quotes stay.</summary>
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

    /// <summary>Where a character stands outside quotes for the last time; −1 where it does not.</summary>
    public static int LastIndexOf(string text, char value)
    {
        var last = -1;
        foreach (var (i, c) in Characters(text).Index())
            if (!c.IsQuoted && c.Value == value)
                last = i;
        return last;
    }

    /// <summary>Whether each quote is closed.</summary>
    public static bool IsClosed(string text) => text.Count(c => c == Mark) % 2 == 0;

    /// <summary>The characters that are meant, and whether each is literal.</summary>
    public static IEnumerable<(char Value, bool IsLiteral)> Meant(string text)
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

    // A quote written twice closes and opens again, which is the same to who only looks for what is outside.
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
