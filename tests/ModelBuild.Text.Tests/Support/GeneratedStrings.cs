using System.Text;

namespace ModelBuild.Text.Tests.Support;

/// <summary>
/// Generates strings of many kinds: scripts, emoji, control characters, long words, source code, combining marks. A seed gives the same strings on each
/// machine.
/// </summary>
internal sealed class GeneratedStrings(ulong seed)
{
    private const string Latin = "the quick brown fox jumps over a lazy dog it's we'll they're don't Hello World NATO iPhone café naïve Ünïcödé straße";

    private const string Code =
        "public static int Add(int a, int b) => a + b;\n\tif (x != null && y >= 0x1F) { return $\"{x}:{y,8:F2}\"; } // done\r\n"
        + "def f(*args): pass # ok\n<a href=\"x\">";

    /// <summary>First and last character of ranges, one script each.</summary>
    private static readonly (int First, int Last)[] Scripts =
    [
        (0x41, 0x7A), // Latin
        (0xC0, 0x17F), // Latin with marks
        (0x370, 0x3FF), // Greek
        (0x400, 0x45F), // Cyrillic
        (0x531, 0x586), // Armenian
        (0x5D0, 0x5EA), // Hebrew
        (0x620, 0x64A), // Arabic
        (0x904, 0x94D), // Devanagari
        (0x985, 0x9CD), // Bengali
        (0xB85, 0xBCD), // Tamil
        (0xC05, 0xC4D), // Telugu
        (0xE01, 0xE4E), // Thai
        (0x10D0, 0x10FA), // Georgian
        (0x1200, 0x1357), // Ethiopic
        (0x13A0, 0x13F4), // Cherokee
        (0x1780, 0x17D2), // Khmer
        (0x3041, 0x3096), // Hiragana
        (0x30A1, 0x30FA), // Katakana
        (0x4E00, 0x9FA5), // Han
        (0xAC00, 0xD7A3), // Hangul
        (0x1EA0, 0x1EF9), // Vietnamese
        (0x10330, 0x1034A), // Gothic
        (0x1D400, 0x1D4FF), // mathematical letters
        (0x20000, 0x2A6D6), // Han, extension B
    ];

    private static readonly string[] Emoji =
    [
        "😀",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "❤️",
        "🇩🇪",
        "1️⃣",
        "👩🏿‍🚀",
        "☺",
        "™",
        "€",
        "…",
        "“",
        "”",
        "—",
        "①",
        "ﬁ",
        "㍍",
        "½",
    ];

    private static readonly string[] Specials =
    [
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "[PAD]",
        "[UNK]",
        "[cls]",
        "<s>",
        "</s>",
        "<unk>",
        "<|endoftext|>",
        "<bos>",
        "<EOT>",
        "<pad>",
    ];

    private ulong _state = seed;

    /// <summary>Returns the next string, of up to some hundred characters.</summary>
    public string Next()
    {
        var text = new StringBuilder();
        var kind = Below(12);
        for (var part = 0; part < 1 + Below(8); part++)
            Add(text, kind == 11 ? Below(11) : kind);
        return text.ToString();
    }

    private void Add(StringBuilder text, int kind)
    {
        switch (kind)
        {
            case 0:
                Words(text, Latin);
                break;
            case 1:
            case 2:
                Script(text);
                break;
            case 3:
                text.Append(Emoji[Below(Emoji.Length)]);
                break;
            case 4:
                text.Append((char)Below(0x20));
                break;
            case 5:
                text.Append((char)('a' + Below(26)), Below(150));
                break;
            case 6:
                text.Append(Code.AsSpan(Below(Code.Length / 2), Below(Code.Length / 2)));
                break;
            case 7:
                text.Append((char)('a' + Below(26))).Append((char)(0x300 + Below(0x70)), Below(4));
                break;
            case 8:
                text.Append(Specials[Below(Specials.Length)]).Append(' ', Below(3));
                break;
            case 9:
                text.Append(Below(1000000)).Append(Below(2) == 0 ? "." : ",").Append(Below(100)).Append(' ', Below(5));
                break;
            default:
                Any(text);
                break;
        }

        if (Below(2) == 0)
            text.Append(' ');
    }

    private void Words(StringBuilder text, string words)
    {
        var all = words.Split(' ');
        for (var word = 0; word < 1 + Below(10); word++)
            text.Append(all[Below(all.Length)]).Append(" .,!?"[Below(5)]);
    }

    private void Script(StringBuilder text)
    {
        var (first, last) = Scripts[Below(Scripts.Length)];
        for (var word = 0; word < 1 + Below(4); word++)
        {
            for (var letter = 0; letter < 1 + Below(8); letter++)
                text.Append(char.ConvertFromUtf32(first + Below(last - first + 1)));
            text.Append(' ');
        }
    }

    /// <summary>Appends characters of any value that is not a surrogate and is assigned in most of Unicode: below U+30000.</summary>
    private void Any(StringBuilder text)
    {
        for (var i = 0; i < 1 + Below(6); i++)
        {
            var value = Below(3) == 0 ? Below(0x20000) : Below(0x3000);
            if (value is < 0xD800 or > 0xDFFF)
                text.Append(char.ConvertFromUtf32(value));
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private int Below(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }
}
