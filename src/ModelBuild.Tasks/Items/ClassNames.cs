using System.Globalization;
using System.Text;

namespace ModelBuild.Tasks.Items;

/// <summary>Creates C# names from file names.</summary>
internal static class ClassNames
{
    private const string Model = "Model";

    /// <summary>Returns the name of a class for the name of a model file. <see cref="ModelNames"/> also uses the folder.</summary>
    public static string FromFile(string fileName) => FromWords(Words(Path.GetFileNameWithoutExtension(fileName)));

    /// <summary>
    /// Splits a name into words at each underscore and at each character that is not valid in an identifier. <c>model2</c> is the word <c>model</c> and a
    /// number.
    /// </summary>
    public static IReadOnlyList<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        // The name is normalized to composed characters, because some file systems decompose accents, and both forms must give the same class.
        foreach (var letter in name.Normalize(NormalizationForm.FormC) + "_")
        {
            if (IsPart(letter) && letter != '_')
                word.Append(letter);
            else if (word.Length > 0)
            {
                words.AddRange(NumberedModel(word.ToString()));
                word.Clear();
            }
        }

        return words;
    }

    /// <summary>
    /// Joins words in PascalCase with <c>Model</c> once at the end. Two adjacent numbers stay separated by an underscore (<c>v1.2</c> is not <c>v12</c>), and a
    /// leading digit is prefixed with an underscore.
    /// </summary>
    public static string FromWords(IEnumerable<string> words)
    {
        var name = new StringBuilder();
        foreach (var word in words.Where(word => !IsModel(word)))
        {
            if (name.Length > 0 && char.IsDigit(word[0]) && char.IsDigit(name[name.Length - 1]))
                name.Append('_');
            name.Append(char.ToUpperInvariant(word[0])).Append(word.Substring(1));
        }

        if (name.Length > 0 && !IsStart(name[0]))
            name.Insert(0, '_');
        if (name.ToString().EndsWith(Model, StringComparison.OrdinalIgnoreCase))
            name.Length -= Model.Length;
        return name.Append(Model).ToString();
    }

    /// <summary>Returns whether the word is <c>model</c> in any case.</summary>
    public static bool IsModel(string word) => word.Equals(Model, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a valid namespace for a root namespace that may not be valid: <c>my-app.2d</c> becomes <c>my_app._2d</c>.</summary>
    public static string Namespace(string rootNamespace) =>
        string.Join(
            ".",
            rootNamespace
                .Split('.')
                .Where(part => part.Length > 0)
                .Select(part =>
                {
                    var name = new string([.. part.Select(letter => IsPart(letter) ? letter : '_')]);
                    return IsStart(name[0]) ? name : "_" + name;
                })
        );

    /// <summary>Returns whether the text can be the name of a class.</summary>
    public static bool IsIdentifier(string text) => text.Length > 0 && IsStart(text[0]) && text.All(IsPart);

    private static string[] NumberedModel(string word) =>
        word.Length > Model.Length && IsModel(word.Substring(0, Model.Length)) && word.Skip(Model.Length).All(char.IsDigit)
            ? [word.Substring(0, Model.Length), word.Substring(Model.Length)]
            : [word];

    private static bool IsStart(char letter) => letter == '_' || char.IsLetter(letter);

    private static bool IsPart(char letter) =>
        IsStart(letter) || char.IsDigit(letter) || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
}
