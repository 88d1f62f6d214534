using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Represents the settings of a WordPiece tokenizer like BERT's.</summary>
/// <param name="UnknownToken">The token for words that the vocabulary cannot spell.</param>
/// <param name="Prefix">The text before tokens inside of a word.</param>
/// <param name="MaxWordLength">The largest number of code points of a word. Longer words are unknown.</param>
/// <param name="CleanText">Whether control characters are removed and white space becomes spaces.</param>
/// <param name="HandleChineseCharacters">Whether each Chinese character is a word of its own.</param>
/// <param name="StripAccents">Whether accents are removed.</param>
/// <param name="LowerCase">Whether letters are converted to lower case.</param>
/// <param name="CleansUp">Whether decoding removes the spaces before punctuation.</param>
internal sealed record WordPieceSettings(
    string UnknownToken = "[UNK]",
    string Prefix = "##",
    int MaxWordLength = 100,
    bool CleanText = true,
    bool HandleChineseCharacters = true,
    bool StripAccents = true,
    bool LowerCase = true,
    bool CleansUp = true
)
{
    /// <summary>Reads the settings from a <c>tokenizer.json</c>. Returns null if the tokenizer is not a WordPiece tokenizer like BERT's.</summary>
    public static WordPieceSettings? Read(JsonElement root, JsonElement model)
    {
        var (normalizer, decoder) = (root.Get("normalizer"), root.Get("decoder"));
        if (root.Get("pre_tokenizer")?.Text("type") != "BertPreTokenizer" || normalizer?.Text("type") is not (null or "BertNormalizer"))
            return null;
        if (decoder?.Text("type") != "WordPiece")
            return null;
        var prefix = model.Text("continuing_subword_prefix") ?? "##";
        if (decoder?.Text("prefix") is { } other && other != prefix)
            return null;
        var lowerCase = normalizer?.Flag("lowercase") ?? normalizer is not null;
        return new WordPieceSettings(
            model.Text("unk_token") ?? "[UNK]",
            prefix,
            model.Length("max_input_chars_per_word") ?? 100,
            normalizer?.Flag("clean_text") ?? normalizer is not null,
            normalizer?.Flag("handle_chinese_chars") ?? normalizer is not null,
            normalizer?.Flag("strip_accents") ?? lowerCase,
            lowerCase,
            decoder?.Flag("cleanup") ?? true
        );
    }

    /// <summary>Returns the settings of a tokenizer that has a <c>vocab.txt</c> instead of a <c>tokenizer.json</c>.</summary>
    public static WordPieceSettings From(TokenizerSettings settings)
    {
        var lowerCase = settings.LowerCase ?? true;
        return new WordPieceSettings(
            settings.Token("unk_token") ?? "[UNK]",
            HandleChineseCharacters: settings.HandleChineseCharacters ?? true,
            StripAccents: settings.StripAccents ?? lowerCase,
            LowerCase: lowerCase
        );
    }
}
