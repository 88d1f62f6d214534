namespace ModelBuild.Protocol;

/// <summary>Reads numbers of descriptions, which are decimal numbers or fractions such as <c>1/255</c>.</summary>
internal static class DescriptionNumber
{
    /// <summary>Returns a sentence that reports a text that is not a number.</summary>
    public static string Explain(string text) => $"'{text}' is not a number. A number is written as 0.5, 5e-1 or 1/2.";

    /// <summary>Returns the number that a text represents; null if the text is not a finite number.</summary>
    public static double? Parse(string text)
    {
        var slash = text.IndexOf('/');
        var number = slash < 0 ? Decimal(text) : Decimal(text.Substring(0, slash)) / Decimal(text.Substring(slash + 1));
        return number is { } value && !double.IsNaN(value) && !double.IsInfinity(value) ? value : null;
    }

    private static double? Decimal(string text) =>
        double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
