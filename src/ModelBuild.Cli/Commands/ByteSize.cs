using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Sizes as people write them: <c>5MB</c>, <c>800 KB</c>, <c>1.5GB</c>; decimal, as disks and packages are measured.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Factor)[] Units = [("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1), ("", 1)];

    // A smaller number without a unit is more likely one of megabytes.
    private const double LeastPlain = 1000;

    /// <summary>The number of bytes; null for an empty text.</summary>
    /// <exception cref="CompressionException">MB1005: it is not a size, or has no unit and is too small for bytes.</exception>
    public static long? Parse(string option, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var trimmed = text.Trim();
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain) && plain is > 0 and < LeastPlain)
            throw new CompressionException(
                Codes.UnknownOption,
                $"{option}='{text}' has no unit, and no model is that small: write {trimmed}MB, {trimmed}KB, or {trimmed}B for bytes."
            );
        var (unit, factor) = Units.First(candidate => trimmed.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(trimmed[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1e15
            ? (long)(value * factor)
            : throw new CompressionException(Codes.UnknownOption, $"{option}='{text}' must be a size such as 5MB or 800KB.");
    }
}
