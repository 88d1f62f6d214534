using System.Text;

namespace ModelBuild.Generator.Emit;

/// <summary>Escapes text for XML doc comments. Names of a model may contain any character, including line breaks.</summary>
internal static class DocText
{
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
            escaped.Append(
                character switch
                {
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '&' => "&amp;",
                    '"' => "&quot;",
                    _ when IsLineBreakOrControl(character) => " ",
                    _ => character.ToString(),
                }
            );
        return escaped.ToString();
    }

    public static string Code(string text) => $"<c>{Escape(text)}</c>";

    /// <summary>Returns whether a character breaks the comment or is not valid in XML: a surrogate, a control character or a line separator.</summary>
    private static bool IsLineBreakOrControl(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' || char.IsSurrogate(character);
}
