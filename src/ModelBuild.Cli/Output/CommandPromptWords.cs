using System.Text;

namespace ModelBuild.Cli.Output;

/// <summary>
/// Writes the words of a command for the command prompt of Windows (cmd). Quotation marks in a word have a backslash for the program, and each character that
/// the prompt itself would read, including quotation marks, has a caret.
/// </summary>
internal static class CommandPromptWords
{
    private const string ReadByPrompt = "\"^&|<>()%!";

    /// <summary>Returns one line that the command prompt and a program of Windows split into the same words.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    private static string Of(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:+,@\\".Contains(letter, StringComparison.Ordinal))
            ? word
            : string.Concat(Quoted(word).Select(letter => ReadByPrompt.Contains(letter, StringComparison.Ordinal) ? $"^{letter}" : $"{letter}"));

    // Returns a word in quotation marks. Backslashes before a quotation mark are doubled, as programs of Windows read them.
    private static string Quoted(string word)
    {
        var text = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var letter in word)
        {
            if (letter == '"')
                text.Append('\\', backslashes + 1);
            backslashes = letter == '\\' ? backslashes + 1 : 0;
            text.Append(letter);
        }

        return text.Append('\\', backslashes).Append('"').ToString();
    }
}
