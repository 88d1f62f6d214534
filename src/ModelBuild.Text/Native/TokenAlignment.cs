using System.Text;
using ModelBuild.Text.Encodings;

namespace ModelBuild.Text.Native;

/// <summary>
/// Finds the part of a text that each token stands for, by comparing the bytes of the tokens with those of the text. Where a tokenizer changes characters, the
/// bytes differ. The search then finds the next position at which both agree again, and all tokens in the difference stand for the whole difference.
/// </summary>
internal static class TokenAlignment
{
    private const int MaxDifference = 96;
    private const int Agreement = 3;

    /// <summary>Returns the part of the text of each token, without white space at its ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">The bytes of each token. The value is null for a token that stands for unknown text.</param>
    public static TextRange[] Align(string text, IReadOnlyList<byte[]?> tokens)
    {
        var source = Encoding.UTF8.GetBytes(text.Replace('▁', ' '));
        var characters = CharacterOfEachByte(text.Replace('▁', ' '), source.Length);
        var target = tokens.Where(token => token is not null).SelectMany(token => token!).ToArray();
        var (starts, ends) = Positions(target, source);
        var ranges = new TextRange[tokens.Count];
        var (read, end) = (0, 0);
        for (var i = 0; i < tokens.Count; i++)
        {
            var start = end;
            if (tokens[i] is { Length: > 0 } bytes)
            {
                start = starts[read];
                read += bytes.Length;
                end = ends[read - 1];
            }
            else if (tokens[i] is null)
            {
                end = Math.Max(end, read < starts.Length ? starts[read] : source.Length);
            }

            ranges[i] = Trim(text, characters[start], end == 0 ? 0 : AfterByte(text, characters, end));
        }

        return ranges;
    }

    /// <summary>Returns, for each byte of the target, the positions in the source at which its text starts and ends.</summary>
    private static (int[] Starts, int[] Ends) Positions(byte[] target, byte[] source)
    {
        var (starts, ends) = (new int[target.Length], new int[target.Length]);
        var (i, j) = (0, 0);
        while (i < target.Length)
        {
            if (j < source.Length && IsSame(target[i], source[j]))
            {
                starts[i] = j;
                ends[i++] = ++j;
                continue;
            }

            var (inTarget, inSource) = Difference(target.AsSpan(i), source.AsSpan(j));
            for (var end = i + inTarget; i < end; i++)
                (starts[i], ends[i]) = (j, j + inSource);
            j += inSource;
        }

        return (starts, ends);
    }

    /// <summary>
    /// Returns the numbers of bytes of the shortest difference after which the target and the source agree again. A long difference ends at the next space.
    /// </summary>
    private static (int InTarget, int InSource) Difference(ReadOnlySpan<byte> target, ReadOnlySpan<byte> source)
    {
        for (var sum = 1; sum <= MaxDifference; sum++)
        for (var inTarget = 0; inTarget <= sum; inTarget++)
            if (Agrees(target, inTarget, source, sum - inTarget))
                return (inTarget, sum - inTarget);
        var (spaceInTarget, spaceInSource) = (target[1..].IndexOf((byte)' '), source.IndexOf((byte)' '));
        return spaceInTarget < 0 || spaceInSource < 0 ? (target.Length, source.Length) : (spaceInTarget + 1, spaceInSource);
    }

    private static bool Agrees(ReadOnlySpan<byte> target, int inTarget, ReadOnlySpan<byte> source, int inSource)
    {
        if (inTarget > target.Length || inSource > source.Length)
            return false;
        var left = target[inTarget..];
        var right = source[inSource..];
        if (left.Length < Agreement || right.Length < Agreement)
            return left.Length == right.Length && IsSame(left, right);
        return IsSame(left[..Agreement], right[..Agreement]);
    }

    private static bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var i = 0; i < left.Length; i++)
            if (!IsSame(left[i], right[i]))
                return false;
        return true;
    }

    /// <summary>Compares two bytes without regard to the case of ASCII letters, because some tokenizers convert letters to lower case.</summary>
    private static bool IsSame(byte left, byte right) => left == right || ((left ^ right) == 0x20 && char.IsAsciiLetter((char)left));

    private static int[] CharacterOfEachByte(string text, int count)
    {
        var characters = new int[count + 1];
        var (at, index) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            characters.AsSpan(at, rune.Utf8SequenceLength).Fill(index);
            at += rune.Utf8SequenceLength;
            index += rune.Utf16SequenceLength;
        }

        characters[count] = text.Length;
        return characters;
    }

    /// <summary>Returns the index after the character that contains the byte before <paramref name="end"/>, in UTF-16 characters.</summary>
    private static int AfterByte(string text, int[] characters, int end) => characters[end - 1] + (char.IsHighSurrogate(text[characters[end - 1]]) ? 2 : 1);

    private static TextRange Trim(string text, int start, int end)
    {
        var (first, last) = (start, end);
        while (first < last && char.IsWhiteSpace(text[first]))
            first++;
        while (last > first && char.IsWhiteSpace(text[last - 1]))
            last--;
        return first < last ? new TextRange(first, last - first) : new TextRange(start, Math.Max(0, end - start));
    }
}
