namespace ModelBuild.Cli.Output;

/// <summary>Writes the words of a command for a POSIX shell.</summary>
internal static class ShellWords
{
    /// <summary>Returns one line that a POSIX shell splits into the same words.</summary>
    public static string Of(IEnumerable<string> words) => string.Join(' ', words.Select(Of));

    private static string Of(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:%+,@".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
