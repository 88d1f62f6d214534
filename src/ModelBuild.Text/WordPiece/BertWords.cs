using System.Text;

namespace ModelBuild.Text.WordPiece;

/// <summary>Enumerates the words of a normalized text. White space separates words, and each character of punctuation is a word.</summary>
internal ref struct BertWords(ReadOnlySpan<char> text)
{
    private static readonly CharacterSet Punctuation = new(CharacterTables.Punctuation);

    private readonly ReadOnlySpan<char> _text = text;
    private int _end = 0;

    public int Start { get; private set; } = 0;

    public readonly int Length => _end - Start;

    public bool MoveNext()
    {
        Start = _end;
        while (Start < _text.Length)
        {
            var kind = Kind(Start, out var length);
            if (kind == WordCharacter.WhiteSpace)
            {
                Start += length;
                continue;
            }

            _end = Start + length;
            if (kind == WordCharacter.Letter)
                while (_end < _text.Length && Kind(_end, out length) == WordCharacter.Letter)
                    _end += length;
            return true;
        }

        _end = Start;
        return false;
    }

    private readonly WordCharacter Kind(int index, out int length)
    {
        var c = _text[index];
        length = 1;
        if (char.IsAscii(c))
            return char.IsAsciiLetterOrDigit(c) ? WordCharacter.Letter
                : c is ' ' or (>= '\t' and <= '\r') ? WordCharacter.WhiteSpace
                : c is > ' ' and < '\x7F' ? WordCharacter.Punctuation
                : WordCharacter.Letter;
        Rune.DecodeFromUtf16(_text[index..], out var rune, out length);
        return Rune.IsWhiteSpace(rune) ? WordCharacter.WhiteSpace
            : Punctuation.Contains(rune.Value) ? WordCharacter.Punctuation
            : WordCharacter.Letter;
    }

    private enum WordCharacter
    {
        Letter,
        WhiteSpace,
        Punctuation,
    }
}
