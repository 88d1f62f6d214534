using Microsoft.CodeAnalysis.CSharp;

namespace ModelBuild.Generator.Naming;

/// <summary>
/// Converts names of a model to C# names. The <see cref="Words"/> of a name are joined in PascalCase, a word of three or more capitals keeps one capital
/// (<c>INPUT__0</c> → <c>Input0</c>), and a leading digit is prefixed with <c>_</c>. The result depends on the name only; <see cref="NameScope"/> makes equal
/// results unique.
/// </summary>
internal static class Identifier
{
    /// <summary>Returns the name of a C# property for a name of the model, such as <c>PixelValues</c>.</summary>
    public static string Pascal(string name, string whenEmpty)
    {
        var words = Words.Split(name);
        return words.Count == 0 ? whenEmpty : LeadingLetter(string.Concat(words.Select(Capitalize)));
    }

    /// <summary>Returns the name of a C# parameter for a name of the model, such as <c>pixelValues</c>, which is not escaped yet.</summary>
    public static string Camel(string name, string whenEmpty)
    {
        var words = Words.Split(name);
        return words.Count == 0 ? whenEmpty : LeadingLetter(Lower(words[0]) + string.Concat(words.Skip(1).Select(Capitalize)));
    }

    /// <summary>Returns the property name for a name that the project sets.</summary>
    public static string? ChosenPascal(string? member) => member is null ? null : char.ToUpperInvariant(member[0]) + member.Substring(1);

    /// <summary>Returns the parameter name for a name that the project sets; it is not escaped yet.</summary>
    public static string? ChosenCamel(string? member) => member is null ? null : Lower(member);

    /// <summary>Escapes an identifier for code: a keyword gets the prefix <c>@</c>.</summary>
    public static string Escape(string identifier) => SyntaxFacts.GetKeywordKind(identifier) == SyntaxKind.None ? identifier : "@" + identifier;

    /// <summary>Escapes a namespace for code.</summary>
    public static string EscapeNamespace(string space) => string.Join(".", space.Split('.').Select(Escape));

    /// <summary>Returns whether the identifier is so similar to the name of the model that it needs no diagnostic.</summary>
    public static bool IsObvious(string name, string identifier) =>
        string.Equals(name.Replace("_", ""), identifier.Replace("_", ""), StringComparison.OrdinalIgnoreCase);

    private static string Capitalize(string word) =>
        char.ToUpperInvariant(word[0]) + (IsShouted(word) ? word.Substring(1).ToLowerInvariant() : word.Substring(1));

    private static string Lower(string word) => word.Any(char.IsLower) ? char.ToLowerInvariant(word[0]) + word.Substring(1) : word.ToLowerInvariant();

    private static bool IsShouted(string word) => word.Count(char.IsLetter) >= 3 && !word.Any(char.IsLower);

    private static string LeadingLetter(string identifier) => char.IsDigit(identifier[0]) ? "_" + identifier : identifier;
}
