using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>The value of an option that is a number, or <c>auto</c> if the step chooses the number.</summary>
/// <param name="Value">The number; null for <c>auto</c>.</param>
internal readonly record struct AutoNumber(double? Value)
{
    private const string Auto = "auto";

    /// <summary>Reads <c>auto</c> or a number. Returns false when the text is neither.</summary>
    public static bool TryParse(string text, out AutoNumber number)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        number = new AutoNumber(isNumber ? value : null);
        return isNumber || text == Auto;
    }

    /// <summary>Returns the number as recipes write it.</summary>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Auto;
}
