using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Finds the files of a tokenizer by the names that they have in a Hugging Face folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>The names of the files that contain a tokenizer. The first one that exists is used.</summary>
    private static readonly string[] Vocabularies = ["tokenizer.json", "vocab.txt", "tokenizer.model"];

    /// <summary>The names of the files with settings of the tokenizer and of the model.</summary>
    private static readonly string[] Settings =
    [
        "tokenizer_config.json",
        "special_tokens_map.json",
        "sentence_bert_config.json",
        HuggingFaceConfig.FileName,
        "generation_config.json",
        "modules.json",
        "1_Pooling/config.json",
    ];

    /// <summary>Returns whether a model takes token ids.</summary>
    public static bool IsFor(ModelSignature signature) =>
        signature.Inputs.Any(input => input is { Name: "input_ids", Kind: ValueKind.Tensor, Type: "int64" or "int32", Shape.Count: 2 });

    /// <summary>Returns the paths of all files that the tokenizer of a model may have. A build repeats if one of them appears.</summary>
    /// <param name="folder">The full path of the folder of the model.</param>
    public static IEnumerable<string> Candidates(string folder) =>
        Places(folder).SelectMany(place => Vocabularies.Concat(Settings).Select(name => Path.Combine(place, name)));

    /// <summary>Returns the path of the tokenizer beside a model, or above its folder <c>onnx</c>; null if there is none.</summary>
    /// <param name="folder">The full path of the folder of the model.</param>
    public static string? Find(string folder) => Places(folder).Select(Vocabulary).FirstOrDefault(path => path is not null);

    /// <summary>Finds the files of the tokenizer at a path that the user names.</summary>
    /// <param name="path">The path of a folder, or of a file with a tokenizer.</param>
    /// <exception cref="CompressionException">MB1046: there is no tokenizer at the path.</exception>
    public static IReadOnlyList<TokenizerFile> Read(string path)
    {
        var names = string.Join(", ", Vocabularies.Select(name => $"'{name}'"));
        var vocabulary =
            Directory.Exists(path) ? Vocabulary(path) ?? throw Fault(path, $"The folder of the tokenizer has none of the files {names}.")
            : File.Exists(path) ? path
            : throw Fault(path, "The tokenizer does not exist.");
        // A tokenizer file that the user names may have any name. Its extension decides which of the known files it is.
        var name =
            Vocabularies.FirstOrDefault(known => Path.GetExtension(known).Equals(Path.GetExtension(vocabulary), StringComparison.OrdinalIgnoreCase))
            ?? throw Fault(path, $"The tokenizer is a folder or a file like {names}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(vocabulary))!;
        return
        [
            new TokenizerFile(name, vocabulary),
            .. Settings.Select(setting => new TokenizerFile(setting, Path.Combine(folder, setting))).Where(file => File.Exists(file.Path)),
        ];
    }

    private static IEnumerable<string> Places(string folder) => HuggingFaceFolder.Above(folder) is { } above ? [folder, above] : [folder];

    private static string? Vocabulary(string folder) => Vocabularies.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static CompressionException Fault(string path, string text) =>
        new(Codes.DescriptionFile, $"{text} Set Tokenizer to the folder or the file of the model's tokenizer, or to 'none'.", path);
}
