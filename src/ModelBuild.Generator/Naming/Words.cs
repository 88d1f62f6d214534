using Microsoft.CodeAnalysis.CSharp;

namespace ModelBuild.Generator.Naming;

/// <summary>
/// Splits a raw ONNX name into words: at everything that cannot stand in an identifier, at underscores, and where the
/// case changes (<c>pixelValues</c>, <c>XMLData</c>). Digits stay with the word before them (<c>conv1x1</c>).
/// </summary>
internal static class Words
{
    public static List<string> Split(string name)
    {
        var text = Normalize(name);
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && IsWordPart(text[i]);
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

    private static bool IsWordPart(char character) =>
        char.IsLetterOrDigit(character) && SyntaxFacts.IsIdentifierPartCharacter(character);

    private static bool IsBoundary(string text, int index)
    {
        if (!char.IsUpper(text[index]))
            return false;
        // pixel|Values, and the last capital of a run begins the next word: XML|Data.
        return char.IsLower(text[index - 1])
            || (char.IsUpper(text[index - 1]) && index + 1 < text.Length && char.IsLower(text[index + 1]));
    }

    /// <summary>C# compares identifiers in composed form.</summary>
    private static string Normalize(string name)
    {
        try
        {
            return name.Normalize();
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair: nothing to compose, and not an identifier's character anyway.
            return name;
        }
    }
}
