using Microsoft.CodeAnalysis.CSharp;

namespace ModelBuild.Generator.Naming;

/// <summary>
/// The rule by which raw ONNX names become C# names: PascalCase of their <see cref="Words"/>, a word of three or more
/// capitals becomes one capital (<c>INPUT__0</c> → <c>Input0</c>), a leading digit gets <c>_</c>. The same name always
/// gives the same identifier, whatever else the model holds; see <see cref="NameScope"/> for what happens on a clash.
/// </summary>
internal static class Identifier
{
    /// <summary>The name of a property, such as <c>PixelValues</c>.</summary>
    public static string Pascal(string name, string whenEmpty)
    {
        var words = Words.Split(name);
        return words.Count == 0 ? whenEmpty : LeadingLetter(string.Concat(words.Select(Capitalize)));
    }

    /// <summary>The name of a parameter, such as <c>pixelValues</c>; not yet escaped.</summary>
    public static string Camel(string name, string whenEmpty)
    {
        var words = Words.Split(name);
        return words.Count == 0 ? whenEmpty : LeadingLetter(Lower(words[0]) + string.Concat(words.Skip(1).Select(Capitalize)));
    }

    /// <summary>The name of a property that the project chose.</summary>
    public static string? ChosenPascal(string? member) => member is null ? null : char.ToUpperInvariant(member[0]) + member.Substring(1);

    /// <summary>The name of a parameter that the project chose; not yet escaped.</summary>
    public static string? ChosenCamel(string? member) => member is null ? null : Lower(member);

    /// <summary>The name as it is written in code: a keyword gets <c>@</c>.</summary>
    public static string Escape(string identifier) => SyntaxFacts.GetKeywordKind(identifier) == SyntaxKind.None ? identifier : "@" + identifier;

    /// <summary>A namespace as it is written in code.</summary>
    public static string EscapeNamespace(string space) => string.Join(".", space.Split('.').Select(Escape));

    /// <summary>Whether a reader finds the raw name again in the identifier without being told.</summary>
    public static bool IsObvious(string name, string identifier) =>
        string.Equals(name.Replace("_", ""), identifier.Replace("_", ""), StringComparison.OrdinalIgnoreCase);

    private static string Capitalize(string word) =>
        char.ToUpperInvariant(word[0]) + (IsShouted(word) ? word.Substring(1).ToLowerInvariant() : word.Substring(1));

    private static string Lower(string word) => word.Any(char.IsLower) ? char.ToLowerInvariant(word[0]) + word.Substring(1) : word.ToLowerInvariant();

    private static bool IsShouted(string word) => word.Count(char.IsLetter) >= 3 && !word.Any(char.IsLower);

    private static string LeadingLetter(string identifier) => char.IsDigit(identifier[0]) ? "_" + identifier : identifier;
}
