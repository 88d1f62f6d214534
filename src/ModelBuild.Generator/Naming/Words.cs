namespace ModelBuild.Generator.Naming;

/// <summary>
/// Splits a raw ONNX name into words: at everything that cannot stand in an identifier, at underscores, and where the
/// case changes (<c>pixelValues</c>, <c>XMLData</c>). Digits stay with the word before them (<c>conv1x1</c>).
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

    /// <summary>Accents and vowel signs on the letter before. Names are not composed first: not every machine can.</summary>
    private static bool IsMark(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsBoundary(string text, int index)
    {
        if (!char.IsUpper(text[index]))
            return false;
        // pixel|Values, and the last capital of a run begins the next word: XML|Data.
        return char.IsLower(text[index - 1]) || (char.IsUpper(text[index - 1]) && index + 1 < text.Length && char.IsLower(text[index + 1]));
    }
}
