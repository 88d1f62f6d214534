using System.Globalization;

namespace ModelBuild.Tasks.Items;

/// <summary>Escapes text for MSBuild, so that characters of wildcards, lists and properties lose their special meaning.</summary>
internal static class Escaped
{
    /// <summary>Returns a text in which the special characters of MSBuild are escaped.</summary>
    public static string Of(string text) =>
        string.Concat(
            text.Select(letter => "%*?@$();'".IndexOf(letter) >= 0 ? "%" + ((int)letter).ToString("x2", CultureInfo.InvariantCulture) : letter.ToString())
        );
}
