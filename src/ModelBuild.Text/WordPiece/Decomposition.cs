namespace ModelBuild.Text.WordPiece;

/// <summary>Decomposes characters canonically, and leaves out the combining marks that normalization removes afterwards.</summary>
internal static class Decomposition
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = 11172;

    private static readonly Dictionary<int, int[]> Table = Read();

    /// <summary>Writes the decomposition of a code point to <paramref name="result"/>, which has at least 4 elements, and returns its length.</summary>
    public static int Write(int codePoint, Span<int> result)
    {
        if (codePoint is >= HangulFirst and < HangulFirst + HangulCount)
            return WriteHangul(codePoint - HangulFirst, result);
        if (!Table.TryGetValue(codePoint, out var parts))
        {
            result[0] = codePoint;
            return 1;
        }

        parts.CopyTo(result);
        return parts.Length;
    }

    /// <summary>Writes the decomposition of a Hangul syllable, which is computed from the index of the syllable (The Unicode Standard, section 3.12).</summary>
    private static int WriteHangul(int index, Span<int> result)
    {
        result[0] = 0x1100 + index / (21 * 28);
        result[1] = 0x1161 + index % (21 * 28) / 28;
        var tail = index % 28;
        if (tail == 0)
            return 2;
        result[2] = 0x11A7 + tail;
        return 3;
    }

    private static Dictionary<int, int[]> Read()
    {
        var table = new Dictionary<int, int[]>();
        foreach (var entry in DecompositionTable.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOfAny(['=', '+']);
            var dash = entry.IndexOf('-', StringComparison.Ordinal);
            var first = CharacterSet.Number(entry.AsSpan(0, dash < 0 ? equals : dash));
            var last = dash < 0 ? first : CharacterSet.Number(entry.AsSpan(dash + 1, equals - dash - 1));
            var parts = entry[(equals + 1)..].Split(',').Select(part => CharacterSet.Number(part)).ToArray();
            for (var c = first; c <= last; c++)
                table[c] = entry[equals] == '=' ? parts : [parts[0] + c - first];
        }

        return table;
    }
}
