using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.WordPiece;

/// <summary>Encodes and decodes text with a WordPiece tokenizer like BERT's, without native code.</summary>
internal sealed class WordPieceEncoder : ITextEncoder
{
    private const int MaxKeptLength = 1 << 20;

    private readonly BertNormalizer _normalizer;
    private readonly AddedTokens _added;
    private readonly WordCache _words;
    private readonly WordPieceDecoder _decoder;
    private NormalizedText? _spare;

    /// <summary>Initializes a new instance of the <see cref="WordPieceEncoder"/> class.</summary>
    /// <param name="tokens">The text of each token. The text is null for ids without a token.</param>
    /// <param name="added">The tokens that are looked for in the text before it is split into words.</param>
    /// <param name="settings">The settings of the tokenizer.</param>
    public WordPieceEncoder(string?[] tokens, IReadOnlyList<AddedToken> added, WordPieceSettings settings)
    {
        _normalizer = new(new(settings.CleanText, settings.HandleChineseCharacters, settings.StripAccents, settings.LowerCase));
        _added = new AddedTokens(added);
        _words = new WordCache(new WordPieceVocabulary(tokens, settings).Tokenize);
        _decoder = new WordPieceDecoder(tokens, settings);
    }

    /// <inheritdoc />
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        Encode(text, ids, null);
        return [.. ids];
    }

    /// <inheritdoc />
    public TextRange[] Locate(string text, ReadOnlySpan<int> ids)
    {
        var ranges = new List<TextRange>(ids.Length);
        Encode(text, [], ranges);
        return [.. ranges];
    }

    /// <inheritdoc />
    public string Decode(ReadOnlySpan<int> ids) => _decoder.Decode(ids);

    /// <inheritdoc />
    public void Dispose() { }

    private void Encode(string text, List<int> ids, List<TextRange>? ranges)
    {
        var normalized = Interlocked.Exchange(ref _spare, null) ?? new NormalizedText();
        for (var start = 0; start < text.Length; )
        {
            var token = _added.Find(text, start, out var slice);
            var end = token is null ? text.Length : slice.Start;
            EncodeWords(text, start, end, normalized, ids, ranges);
            if (token is null)
                break;
            ids.Add(token.Id);
            ranges?.Add(new TextRange(slice.Start, slice.End - slice.Start));
            start = slice.End;
        }

        if (text.Length <= MaxKeptLength)
            _spare = normalized;
    }

    private void EncodeWords(string text, int start, int end, NormalizedText normalized, List<int> ids, List<TextRange>? ranges)
    {
        normalized.Clear();
        _normalizer.Append(text.AsSpan(start, end - start), start, normalized);
        var words = new BertWords(normalized.Characters);
        while (words.MoveNext())
        {
            var tokens = _words.Get(normalized.Characters.Slice(words.Start, words.Length));
            ids.AddRange(tokens.Ids);
            if (ranges is not null)
                AddRanges(text, normalized.Sources.Slice(words.Start, words.Length), tokens.Starts, ranges);
        }
    }

    private static void AddRanges(string text, ReadOnlySpan<int> sources, int[] starts, List<TextRange> ranges)
    {
        for (var i = 0; i < starts.Length; i++)
        {
            var first = sources[starts[i]];
            var last = sources[(i + 1 < starts.Length ? starts[i + 1] : sources.Length) - 1];
            ranges.Add(new TextRange(first, last - first + (char.IsHighSurrogate(text[last]) ? 2 : 1)));
        }
    }
}
