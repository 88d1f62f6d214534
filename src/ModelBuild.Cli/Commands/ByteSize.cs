using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;

namespace ModelBuild.Cli.Commands;

/// <summary>Reads the sizes of models, such as <c>5MB</c>, <c>800 KB</c> or <c>1.5GB</c>.</summary>
internal static class ByteSize
{
    // The smallest number that is accepted without a unit. A smaller number is probably meant in megabytes, so it is refused.
    private const double MinPlain = 1000;

    /// <summary>Returns the number of bytes that a text such as <c>5MB</c> states; null for an empty text.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a size, or the number has no unit and is too small for a number of bytes.</exception>
    public static long? Parse(string option, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var trimmed = text.Trim();
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var plain) && plain is > 0 and < MinPlain)
            throw new CompressionException(
                Codes.UnknownOption,
                $"{option}='{text}' has no unit, and a model of {trimmed} bytes is too small. Write {trimmed}MB, {trimmed}KB, or {trimmed}B for bytes."
            );
        return ByteCount.TryParse(trimmed, out var bytes, out _)
            ? bytes
            : throw new CompressionException(Codes.UnknownOption, $"{option}='{text}' must be a size such as 5MB or 800KB.");
    }
}
