using System.Text;

namespace ModelBuild.Text.WordPiece;

/// <summary>
/// Converts characters to lower case by the rules of Unicode 17. The table lists the letters of Unicode 16 and 17, which older versions of .NET lack. The
/// capital I with a dot (U+0130) has two characters in lower case, and <see cref="BertNormalizer"/> writes both.
/// </summary>
internal static class LowerCase
{
    public const int CapitalIWithDot = 0x130;

    public static int Of(int codePoint) =>
        codePoint switch
        {
            < 0x80 => codePoint is >= 'A' and <= 'Z' ? codePoint + 0x20 : codePoint,
            0x1C89 or 0xA7CC or 0xA7CE or 0xA7D2 or 0xA7D4 or 0xA7DA => codePoint + 1,
            0xA7CB => 0x264,
            0xA7DC => 0x19B,
            >= 0x10D50 and <= 0x10D65 => codePoint + 0x20,
            >= 0x16EA0 and <= 0x16EB8 => codePoint + 0x1B,
            _ => Rune.ToLowerInvariant(new Rune(codePoint)).Value,
        };
}
