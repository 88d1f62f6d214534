using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Represents the settings in <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>. A setting that the files lack is null.</summary>
internal sealed class TokenizerSettings
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public string? Class { get; private set; }

    public bool? LowerCase { get; private set; }

    public bool? StripAccents { get; private set; }

    public bool? HandleChineseCharacters { get; private set; }

    public bool? AddBeginning { get; private set; }

    public bool? AddEnd { get; private set; }

    public int? MaxLength { get; private set; }

    public string? PaddingSide { get; private set; }

    public string? TruncationSide { get; private set; }

    /// <summary>Returns the text of a special token such as <c>pad_token</c>. The value is null if the files do not name it.</summary>
    public string? Token(string name) => _tokens.GetValueOrDefault(name);

    public static TokenizerSettings Read(TextFiles files)
    {
        var settings = JsonFile.Read(files, "tokenizer_config.json", FromConfig) ?? new TokenizerSettings();
        JsonFile.Read(files, "special_tokens_map.json", settings.AddTokens);
        return settings;
    }

    private static TokenizerSettings FromConfig(JsonElement root)
    {
        var settings = new TokenizerSettings
        {
            Class = root.Text("tokenizer_class"),
            LowerCase = root.Flag("do_lower_case"),
            StripAccents = root.Flag("strip_accents"),
            HandleChineseCharacters = root.Flag("tokenize_chinese_chars"),
            AddBeginning = root.Flag("add_bos_token"),
            AddEnd = root.Flag("add_eos_token"),
            MaxLength = root.Length("model_max_length"),
            PaddingSide = root.Text("padding_side"),
            TruncationSide = root.Text("truncation_side"),
        };
        return settings.AddTokens(root);
    }

    /// <summary>Adds the special tokens of a file. A token is a text, or an object whose content is the text.</summary>
    private TokenizerSettings AddTokens(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (!property.Name.EndsWith("_token", StringComparison.Ordinal))
                continue;
            var text = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString(),
                JsonValueKind.Object => property.Value.Text("content"),
                _ => null,
            };
            if (text is not null)
                _tokens.TryAdd(property.Name, text);
        }

        return this;
    }
}
