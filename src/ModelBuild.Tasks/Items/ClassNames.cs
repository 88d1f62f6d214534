using System.Globalization;
using System.Text;

namespace ModelBuild.Tasks.Items;

/// <summary>Names for C# from names of files.</summary>
internal static class ClassNames
{
    /// <summary>
    /// The class name for a model's file: its words in PascalCase and <c>Model</c>, unless that is the last word already. Every character that cannot stand in an identifier
    /// ends a word; two numbers that would run together keep an underscore (<c>v1.2</c> is not <c>v12</c>); a leading digit gets one.
    /// </summary>
    public static string FromFile(string fileName)
    {
        var name = new StringBuilder();
        var startsWord = true;
        // Composed, so that a name from a file system that decomposes accents gives the same class.
        foreach (var letter in Path.GetFileNameWithoutExtension(fileName).Normalize(NormalizationForm.FormC))
        {
            if (!IsPart(letter) || letter == '_')
            {
                startsWord = true;
                continue;
            }

            if (startsWord && name.Length > 0 && char.IsDigit(letter) && char.IsDigit(name[name.Length - 1]))
                name.Append('_');
            name.Append(startsWord ? char.ToUpperInvariant(letter) : letter);
            startsWord = false;
        }

        if (name.Length > 0 && !IsStart(name[0]))
            name.Insert(0, '_');
        return EndsInModel(name.ToString()) ? name.ToString() : name.Append("Model").ToString();
    }

    private static bool EndsInModel(string name) => name.EndsWith("Model", StringComparison.Ordinal) && name.Length > "Model".Length;

    /// <summary>A namespace for a root namespace that need not be one: <c>my-app.2d</c> becomes <c>my_app._2d</c>.</summary>
    public static string Namespace(string rootNamespace) =>
        string.Join(".", rootNamespace.Split('.').Where(part => part.Length > 0).Select(part =>
        {
            var name = new string([.. part.Select(letter => IsPart(letter) ? letter : '_')]);
            return IsStart(name[0]) ? name : "_" + name;
        }));

    /// <summary>Whether the text can be the name of a class.</summary>
    public static bool IsIdentifier(string text) => text.Length > 0 && IsStart(text[0]) && text.All(IsPart);

    private static bool IsStart(char letter) => letter == '_' || char.IsLetter(letter);

    private static bool IsPart(char letter) =>
        IsStart(letter) || char.IsDigit(letter) || CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
}
