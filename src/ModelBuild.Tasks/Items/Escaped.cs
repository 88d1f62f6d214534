using System.Globalization;

namespace ModelBuild.Tasks.Items;

/// <summary>Text for MSBuild that means itself: what is a wildcard, a list or a property to MSBuild is written as its code.</summary>
internal static class Escaped
{
    /// <summary>The escaped text.</summary>
    public static string Of(string text) =>
        string.Concat(
            text.Select(letter => "%*?@$();'".IndexOf(letter) >= 0 ? "%" + ((int)letter).ToString("x2", CultureInfo.InvariantCulture) : letter.ToString())
        );
}
