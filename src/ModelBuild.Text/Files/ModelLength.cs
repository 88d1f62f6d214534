using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Finds the largest number of tokens that a model takes: the smallest of the numbers that its files name.</summary>
internal static class ModelLength
{
    /// <summary>The types of models that number the positions of tokens from the id of the padding token plus 1 on.</summary>
    private static readonly string[] PaddedPositions = ["roberta", "xlm-roberta", "camembert", "mpnet", "longformer"];

    /// <summary>Returns the largest number of tokens that a model takes. The value is null if the files name none.</summary>
    public static int? Read(TextFiles files, TokenizerSettings settings)
    {
        int?[] lengths =
        [
            settings.MaxLength,
            JsonFile.Read(files, "sentence_bert_config.json", root => new[] { root.Length("max_seq_length") })?[0],
            JsonFile.Read(files, "config.json", root => new[] { Positions(root) })?[0],
        ];
        return lengths.Min();
    }

    /// <summary>Returns the largest number of tokens in <c>truncation</c> of a <c>tokenizer.json</c>, which counts only if no other file names one.</summary>
    public static int? ReadTruncation(TextFiles files, string name) =>
        JsonFile.Read(files, name, root => new[] { root.Get("truncation")?.Length("max_length") })?[0];

    private static int? Positions(JsonElement config)
    {
        var positions = config.Length("max_position_embeddings");
        return config.Text("model_type") is { } type && PaddedPositions.Contains(type)
            ? positions - (config.Get("pad_token_id")?.GetInt32() ?? 1) - 1
            : positions;
    }
}
