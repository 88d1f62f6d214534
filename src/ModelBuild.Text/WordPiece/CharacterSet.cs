using System.Globalization;

namespace ModelBuild.Text.WordPiece;

/// <summary>Represents a set of code points, with one bit for each character below U+10000 and with ranges above.</summary>
internal sealed class CharacterSet
{
    private readonly ulong[] _bits = new ulong[0x10000 / 64];
    private readonly List<(int First, int Last)> _above = [];

    /// <summary>Initializes a new instance of the <see cref="CharacterSet"/> class with ranges of code points.</summary>
    /// <param name="ranges">Ranges in hexadecimal digits with white space between them, such as <c>21-2F A1</c>, in ascending order.</param>
    public CharacterSet(string ranges)
    {
        foreach (var range in ranges.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var first = Number(dash < 0 ? range : range.AsSpan(0, dash));
            var last = dash < 0 ? first : Number(range.AsSpan(dash + 1));
            if (first > 0xFFFF)
                _above.Add((first, last));
            else
                for (var c = first; c <= last; c++)
                    _bits[c >> 6] |= 1UL << (c & 63);
        }
    }

    public bool Contains(int codePoint)
    {
        if (codePoint <= 0xFFFF)
            return (_bits[codePoint >> 6] >> (codePoint & 63) & 1) != 0;
        foreach (var (first, last) in _above)
            if (codePoint <= last)
                return codePoint >= first;
        return false;
    }

    public static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
