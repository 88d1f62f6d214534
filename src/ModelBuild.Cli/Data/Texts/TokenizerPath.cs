namespace ModelBuild.Cli.Data.Texts;

/// <summary>
/// Finds the tokenizer of a Hugging Face model. The files lie beside the model, or one folder above if the model is in the folder <c>onnx</c>.
/// </summary>
internal static class TokenizerPath
{
    private const string ModelFolder = "onnx";

    private static readonly string[] Names = ["tokenizer.json", "vocab.txt", "tokenizer.model"];

    /// <summary>Returns the folder of the tokenizer; null if there is none.</summary>
    /// <param name="model">The path of the model.</param>
    public static string? Beside(string model)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        if (HasTokenizer(folder))
            return folder;
        return Path.GetFileName(folder) == ModelFolder && Path.GetDirectoryName(folder) is { } above && HasTokenizer(above) ? above : null;
    }

    /// <summary>Returns the file with the vocabulary; null if there is none.</summary>
    /// <param name="tokenizer">The path of the tokenizer: a folder or a file.</param>
    public static string? Vocabulary(string tokenizer) => Names.Select(name => Path.Combine(tokenizer, name)).Prepend(tokenizer).FirstOrDefault(File.Exists);

    /// <summary>Returns the files that the tokenizer consists of: the vocabulary, and the settings beside it.</summary>
    /// <param name="tokenizer">The path of the tokenizer: a folder or a file.</param>
    public static IReadOnlyList<string> Files(string tokenizer)
    {
        if (Vocabulary(tokenizer) is not { } vocabulary)
            return [];
        string[] settings = ["tokenizer_config.json", "special_tokens_map.json", "sentence_bert_config.json", "config.json"];
        var folder = Path.GetDirectoryName(Path.GetFullPath(vocabulary))!;
        return [vocabulary, .. settings.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
    }

    private static bool HasTokenizer(string folder) => Names.Any(name => File.Exists(Path.Combine(folder, name)));
}
