using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>A number that a step chooses where the recipe says <c>auto</c>.</summary>
/// <param name="Value">The number; null for <c>auto</c>.</param>
internal readonly record struct AutoNumber(double? Value)
{
    private const string Auto = "auto";

    /// <summary>Reads <c>auto</c> or a number; false where the text is neither.</summary>
    public static bool TryParse(string text, out AutoNumber number)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        number = new AutoNumber(isNumber ? value : null);
        return isNumber || text == Auto;
    }

    /// <summary>The number as a recipe writes it.</summary>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Auto;
}
