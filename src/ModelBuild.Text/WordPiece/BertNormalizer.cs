using System.Text;

namespace ModelBuild.Text.WordPiece;

/// <summary>
/// Normalizes text as Hugging Face's library does for BERT (Devlin et al. 2018): control characters are removed, white space becomes a space, Chinese
/// characters are separated by spaces, accents are removed, and letters are converted to lower case.
/// </summary>
internal sealed class BertNormalizer(BertNormalization options)
{
    private static readonly CharacterSet Removed = new(CharacterTables.Removed);
    private static readonly CharacterSet Marks = new(CharacterTables.Marks);
    private static readonly CharacterSet Chinese = new(CharacterTables.Chinese);

    /// <summary>Appends the normalized form of a text to a result.</summary>
    /// <param name="text">A text without lone surrogates.</param>
    /// <param name="offset">The index of the text in the original text.</param>
    /// <param name="result">Receives the characters, each with the index of its source in the original text.</param>
    public void Append(ReadOnlySpan<char> text, int offset, NormalizedText result)
    {
        for (var i = 0; i < text.Length; )
        {
            var c = text[i];
            if (c is >= ' ' and < '\x7F')
            {
                result.Add(options.LowerCase && c is >= 'A' and <= 'Z' ? (char)(c + 0x20) : c, offset + i++);
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            AppendOther(rune.Value, offset + i, result);
            i += length;
        }
    }

    private void AppendOther(int codePoint, int source, NormalizedText result)
    {
        if (options.CleanText)
        {
            if (Removed.Contains(codePoint))
                return;
            if (Rune.IsWhiteSpace(new Rune(codePoint)))
                codePoint = ' ';
        }

        if (!options.HandleChineseCharacters || !Chinese.Contains(codePoint))
        {
            AppendLetters(codePoint, source, result);
            return;
        }

        result.Add(' ', source);
        AppendLetters(codePoint, source, result);
        result.Add(' ', source);
    }

    private void AppendLetters(int codePoint, int source, NormalizedText result)
    {
        if (!options.StripAccents)
        {
            AppendLetter(codePoint, source, result);
            return;
        }

        Span<int> parts = stackalloc int[4];
        var count = Decomposition.Write(codePoint, parts);
        foreach (var part in parts[..count])
            if (!Marks.Contains(part))
                AppendLetter(part, source, result);
    }

    private void AppendLetter(int codePoint, int source, NormalizedText result)
    {
        if (options.LowerCase)
        {
            if (codePoint == LowerCase.CapitalIWithDot)
            {
                result.Add('i', source);
                codePoint = 0x307;
            }

            codePoint = LowerCase.Of(codePoint);
        }

        if (codePoint <= 0xFFFF)
        {
            result.Add((char)codePoint, source);
            return;
        }

        result.Add((char)(0xD800 + ((codePoint - 0x10000) >> 10)), source);
        result.Add((char)(0xDC00 + (codePoint & 0x3FF)), source);
    }
}
