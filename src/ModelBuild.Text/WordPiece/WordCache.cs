namespace ModelBuild.Text.WordPiece;

/// <summary>
/// Keeps the tokens of earlier words, because most words of a text are frequent. Each word has one entry of a table, and a later word with the same entry
/// replaces the earlier one. Calls may run at the same time.
/// </summary>
internal sealed class WordCache(Func<string, WordTokens> tokenize)
{
    private const int Places = 1 << 14;
    private const int MaxWordLength = 40;

    private readonly WordTokens?[] _words = new WordTokens?[Places];

    public WordTokens Get(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxWordLength)
            return tokenize(word.ToString());
        ref var place = ref _words[string.GetHashCode(word) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && word.SequenceEqual(known.Word))
            return known;
        var tokens = tokenize(word.ToString());
        Volatile.Write(ref place, tokens);
        return tokens;
    }
}
