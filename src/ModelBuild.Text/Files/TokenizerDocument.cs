using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Represents the content of a <c>tokenizer.json</c>.</summary>
internal sealed class TokenizerDocument
{
    private const int MaxId = 1 << 24;

    private TokenizerDocument(string modelType, string?[] tokens) => (ModelType, Tokens) = (modelType, tokens);

    /// <summary>Gets the type of the tokenizer's model: <c>WordPiece</c>, <c>BPE</c>, <c>Unigram</c> or <c>WordLevel</c>.</summary>
    public string ModelType { get; }

    /// <summary>Gets the text of each token by its id, added tokens included. The text is null for ids without a token.</summary>
    public string?[] Tokens { get; private set; }

    public IReadOnlyList<AddedToken> Added { get; private set; } = [];

    public TokenTemplate Template { get; private set; } = TokenTemplate.None;

    public PaddingSettings? Padding { get; private set; }

    public int? TruncationLength { get; private set; }

    public bool TruncatesLeft { get; private set; }

    /// <summary>Gets the settings of a WordPiece tokenizer like BERT's. The value is null if the tokenizer is of another kind.</summary>
    public WordPieceSettings? WordPiece { get; private set; }

    /// <summary>Gets whether the characters of tokens stand for bytes.</summary>
    public bool IsByteLevel { get; private set; }

    /// <summary>
    /// Gets the text of the token that stands for unknown text. The value is null if there is none, for example because tokens of single bytes can represent
    /// any text.
    /// </summary>
    public string? UnknownToken { get; private set; }

    public static TokenizerDocument Read(string file, byte[] bytes) => JsonFile.Read(file, bytes, Read);

    private static TokenizerDocument Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        var type = model.Text("type") ?? (model.Get("merges") is null ? "WordPiece" : "BPE");
        var tokens = new List<string?>();
        foreach (var (token, id) in Vocabulary(model.GetProperty("vocab")))
            Set(tokens, id, token);
        if (tokens.Count == 0)
            throw new FormatException("The vocabulary is empty.");
        var added = root.Get("added_tokens") is { } list ? list.EnumerateArray().Select(ReadAdded).ToArray() : [];
        foreach (var token in added)
            Set(tokens, token.Id, token.Content);
        var document = new TokenizerDocument(type, [.. tokens])
        {
            Added = added,
            Template = TokenTemplate.Read(root.Get("post_processor")),
            Padding = root.Get("padding") is { } padding ? PaddingSettings.Read(padding) : null,
            TruncationLength = root.Get("truncation")?.Length("max_length"),
            TruncatesLeft = root.Get("truncation")?.Text("direction") == "Left",
            IsByteLevel = HasPart(root.Get("decoder"), "decoders", "ByteLevel") || HasPart(root.Get("pre_tokenizer"), "pretokenizers", "ByteLevel"),
            UnknownToken = model.Flag("byte_fallback") ?? false ? null : Unknown(model, tokens),
        };
        foreach (var part in document.Template.Pair.Concat(document.Template.Single))
            if (part.Sequence < 0 && (uint)part.Id >= (uint)tokens.Count)
                throw new FormatException($"The template of the special tokens names the id {part.Id}, which the vocabulary lacks.");
        document.WordPiece = type == "WordPiece" && !added.Any(token => token.IsNormalized || token.IsWord) ? WordPieceSettings.Read(root, model) : null;
        return document;
    }

    private static IEnumerable<(string Token, int Id)> Vocabulary(JsonElement vocabulary) =>
        vocabulary.ValueKind == JsonValueKind.Array
            ? vocabulary.EnumerateArray().Select((entry, id) => (entry[0].GetString()!, id))
            : vocabulary.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetInt32()));

    private static string? Unknown(JsonElement model, List<string?> tokens) =>
        model.Text("unk_token") ?? (model.Get("unk_id")?.GetInt32() is { } id and >= 0 && id < tokens.Count ? tokens[id] : null);

    private static void Set(List<string?> tokens, int id, string token)
    {
        if (id is < 0 or >= MaxId)
            throw new FormatException($"The token '{token}' has the id {id}.");
        while (tokens.Count <= id)
            tokens.Add(null);
        tokens[id] = token;
    }

    private static AddedToken ReadAdded(JsonElement token)
    {
        var content = token.Text("content");
        if (string.IsNullOrEmpty(content))
            throw new FormatException("An added token is empty.");
        return new AddedToken(
            token.GetProperty("id").GetInt32(),
            content,
            token.Flag("special") ?? false,
            token.Flag("normalized") ?? true,
            token.Flag("single_word") ?? false,
            token.Flag("lstrip") ?? false,
            token.Flag("rstrip") ?? false
        );
    }

    private static bool HasPart(JsonElement? part, string list, string type) =>
        part?.Text("type") == type || (part?.Get(list)?.EnumerateArray().Any(inner => HasPart(inner, list, type)) ?? false);
}
