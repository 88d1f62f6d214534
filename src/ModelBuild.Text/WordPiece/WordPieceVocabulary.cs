using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.WordPiece;

/// <summary>Splits words into tokens with the WordPiece tokenizer of Microsoft.ML.Tokenizers.</summary>
internal sealed class WordPieceVocabulary
{
    private readonly WordPieceTokenizer _tokenizer;
    private readonly int _maxWordLength;
    private readonly int _unknownId;

    /// <summary>Initializes a new instance of the <see cref="WordPieceVocabulary"/> class.</summary>
    /// <param name="tokens">The text of each token. The text is null for ids without a token.</param>
    /// <param name="settings">The settings of the tokenizer.</param>
    /// <exception cref="FormatException">The vocabulary lacks the token for unknown words.</exception>
    public WordPieceVocabulary(IReadOnlyList<string?> tokens, WordPieceSettings settings)
    {
        _maxWordLength = settings.MaxWordLength;
        _unknownId = -1;
        for (var id = 0; id < tokens.Count; id++)
            if (tokens[id] == settings.UnknownToken)
                _unknownId = id;
        if (_unknownId < 0)
            throw new FormatException($"The vocabulary lacks the token '{settings.UnknownToken}' for unknown words.");
        var options = new WordPieceOptions
        {
            UnknownToken = settings.UnknownToken,
            ContinuingSubwordPrefix = settings.Prefix,
            MaxInputCharsPerWord = 2 * _maxWordLength,
            PreTokenizer = null,
        };
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(Lines(tokens)));
        _tokenizer = WordPieceTokenizer.Create(lines, options);
    }

    /// <summary>Returns the tokens of a word that contains no white space.</summary>
    public WordTokens Tokenize(string word)
    {
        var length = word.Length;
        foreach (var c in word)
            length -= char.IsLowSurrogate(c) ? 1 : 0;
        if (length > _maxWordLength)
            return new WordTokens(word, [_unknownId], [0]);
        var tokens = _tokenizer.EncodeToTokens(word, out _, considerPreTokenization: false, considerNormalization: false);
        return new WordTokens(word, [.. tokens.Select(token => token.Id)], [.. tokens.Select(token => token.Offset.Start.Value)]);
    }

    /// <summary>
    /// Returns the vocabulary as lines, because Microsoft.ML.Tokenizers reads one token from each line. An id without a token, a repeated token, and a token
    /// with white space, which no word contains, get a line that equals no word.
    /// </summary>
    private static string Lines(IReadOnlyList<string?> tokens)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < tokens.Count; id++)
            if (tokens[id] is { } token)
                last[token] = id;
        var lines = new StringBuilder();
        for (var id = 0; id < tokens.Count; id++)
        {
            var isUsable = tokens[id] is { Length: > 0 } token && last[token] == id && !token.Any(char.IsWhiteSpace);
            lines.Append(isUsable ? tokens[id] : string.Create(CultureInfo.InvariantCulture, $"\0{id}")).Append('\n');
        }

        return lines.ToString();
    }
}
