using System.Text;

namespace ModelBuild.Text;

/// <summary>Converts any string to valid UTF-16.</summary>
internal static class WellFormedText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Returns the text with the replacement character U+FFFD in place of each surrogate without its other half. The indexes of all other characters do not
    /// change.
    /// </summary>
    public static string Of(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at < 0)
            return text;
        StringBuilder? result = null;
        for (; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]))
                at++;
            else
                (result ??= new StringBuilder(text))[at] = Replacement;
        }

        return result?.ToString() ?? text;
    }
}
