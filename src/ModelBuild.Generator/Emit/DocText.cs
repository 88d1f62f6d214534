using System.Text;

namespace ModelBuild.Generator.Emit;

/// <summary>Text for XML doc comments: raw names may hold anything, a line break included.</summary>
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

    /// <summary>Surrogate halves, control characters and separators either break the comment or are not XML.</summary>
    private static bool IsLineBreakOrControl(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' || char.IsSurrogate(character);
}
