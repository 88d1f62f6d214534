using System.Globalization;
using System.Net;

namespace ModelBuild.Compression.Pages;

/// <summary>Formats texts and figures for HTML pages.</summary>
internal static class Html
{
    private const double Thousand = 1000;

    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>Returns a text without characters that HTML interprets. Names of models and nodes are untrusted.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Returns a coordinate or a length with at most two digits behind the point, without a negative zero.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Returns a number of bytes with three digits and a unit.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= Thousand && unit < Units.Length - 1; unit++)
            value /= Thousand;
        return $"{Short(value)} {Units[unit]}";
    }

    /// <summary>Returns a large number in words, such as <c>12.3 million</c>.</summary>
    public static string Count(long count) =>
        count switch
        {
            >= 1_000_000_000 => $"{Short(count / 1e9)} billion",
            >= 1_000_000 => $"{Short(count / 1e6)} million",
            _ => count.ToString("N0", CultureInfo.InvariantCulture),
        };

    /// <summary>Returns a share as a percentage with at most one digit behind the point.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    /// <summary>Returns a ratio with two digits behind the point and a multiplication sign, such as <c>3.65×</c>.</summary>
    public static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}×");

    /// <summary>Returns the end of a long name, because the end distinguishes it from the names of its neighbours.</summary>
    public static string End(string name, int length) => name.Length <= length ? name : $"…{name.AsSpan(name.Length - length + 1)}";

    private static string Short(double value) =>
        value.ToString(
            value switch
            {
                >= 100 => "0",
                >= 10 => "0.#",
                _ => "0.##",
            },
            CultureInfo.InvariantCulture
        );
}
