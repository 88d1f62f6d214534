using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>Reads and writes numbers of bytes with a decimal unit, such as <c>5MB</c>, <c>800 KB</c> or <c>1.5GB</c>.</summary>
internal static class ByteCount
{
    private const double Max = 1e15;

    private static readonly (string Unit, long Factor)[] Units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1)];

    /// <summary>Reads a number with or without a unit. Returns false when the text is no number of bytes, or not more than 0.</summary>
    public static bool TryParse(string text, out long bytes, out bool hasUnit)
    {
        var trimmed = text.Trim();
        var (unit, factor) = Array.Find(Units, candidate => trimmed.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        hasUnit = unit is not null;
        var isNumber = double.TryParse(
            trimmed[..^(unit?.Length ?? 0)],
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        );
        bytes = isNumber && number is > 0 and < Max ? (long)(number * Math.Max(1, factor)) : 0;
        return bytes > 0;
    }

    /// <summary>Returns the text of a number of bytes with the largest unit of which it is a multiple.</summary>
    public static string Format(long bytes)
    {
        var (unit, factor) = Array.Find(Units, candidate => bytes % candidate.Factor == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }
}
