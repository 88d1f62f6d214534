namespace ModelBuild.Generator.Naming;

/// <summary>
/// Splits a name of a model into words at characters that are not valid in an identifier, at underscores, and at changes of case (<c>pixelValues</c>,
/// <c>XMLData</c>). Digits belong to the word before them (<c>conv1x1</c>).
/// </summary>
internal static class Words
{
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsLetterOrDigit(text[i]) || (start >= 0 && IsMark(text[i])));
            if (start >= 0 && (!inside || IsBoundary(text, i)))
            {
                words.Add(text.Substring(start, i - start));
                start = -1;
            }

            if (inside && start < 0)
                start = i;
        }

        return words;
    }

    /// <summary>
    /// Returns whether the character is an accent or a vowel sign of the letter before it. Names are not normalized, because normalization is not available on
    /// every platform.
    /// </summary>
    private static bool IsMark(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsBoundary(string text, int index)
    {
        if (!char.IsUpper(text[index]))
            return false;
        // A capital after a lower-case letter starts a word (pixel|Values), and so does the last capital of several if a lower-case letter follows it
        // (XML|Data).
        return char.IsLower(text[index - 1]) || (char.IsUpper(text[index - 1]) && index + 1 < text.Length && char.IsLower(text[index + 1]));
    }
}
