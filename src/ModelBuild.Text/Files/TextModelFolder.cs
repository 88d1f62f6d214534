using System.Globalization;
using System.Text.Json;
using ModelBuild.Text.Files;

namespace ModelBuild.Text;

/// <summary>Represents the properties of a text model that the files in its folder name, without its tokenizer.</summary>
public sealed class TextModelFolder
{
    private TextPoolingKind? _pooling;
    private (string File, string Reason)? _poolingFault;

    private TextModelFolder() { }

    /// <summary>Gets the largest number of tokens of a text. The value is null if the files name none.</summary>
    public int? MaxLength { get; private init; }

    /// <summary>
    /// Gets how the vectors of the tokens of a text are combined to one vector, from <c>1_Pooling/config.json</c>. The value is null if that file does not
    /// exist; callers of <see cref="TextPooling.Pool"/> then usually use <see cref="TextPoolingKind.Mean"/>.
    /// </summary>
    /// <exception cref="TokenizerException">
    /// <c>modules.json</c> has a module that is not supported, such as <c>2_Dense</c>, or names pooling whose file is missing.
    /// </exception>
    public TextPoolingKind? Pooling => _poolingFault is { } fault ? throw new TokenizerException(fault.File, fault.Reason) : _pooling;

    /// <summary>Gets whether vectors are scaled to the length 1, from <c>modules.json</c>. The value is false without that file.</summary>
    public bool IsNormalized { get; private init; }

    /// <summary>Gets the labels of the classes, from <c>id2label</c> of <c>config.json</c>. The value is null if there are none.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>Gets the task of the model, from <c>architectures</c> of <c>config.json</c>.</summary>
    public TextTask Task { get; private init; }

    /// <summary>
    /// Gets the ids of the tokens that end a generated text, from <c>eos_token_id</c> of <c>generation_config.json</c>, or else of <c>config.json</c>. The list
    /// is empty if the files name none. In that case <see cref="TextTokenizer.Model"/> returns a folder whose list has <c>eos_token</c> of the tokenizer.
    /// </summary>
    public IReadOnlyList<int> StopTokens { get; private set; } = [];

    /// <summary>Reads the files in the folder of a model. A property is null if the file that names it does not exist.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <exception cref="TokenizerException">The folder does not exist, or a file in it is damaged.</exception>
    public static TextModelFolder Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Directory.Exists(folder) ? Read(new TextFiles(folder)) : throw new TokenizerException(folder, "There is no such folder.");
    }

    /// <summary>Reads the files of a model from named streams, such as embedded resources.</summary>
    /// <param name="files">Opens each file by its name relative to the folder of the model, such as <c>1_Pooling/config.json</c>.</param>
    /// <exception cref="TokenizerException">A file is damaged.</exception>
    public static TextModelFolder Read(IReadOnlyDictionary<string, Func<Stream>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Read(new TextFiles(files));
    }

    private static TextModelFolder Read(TextFiles files)
    {
        const string config = "config.json";
        var pooling = JsonFile.Read(files, SentenceModules.PoolingFile, root => new[] { ReadPooling(root) })?[0];
        var modules = SentenceModules.Read(files, pooling is not null);
        return new TextModelFolder
        {
            _pooling = pooling,
            _poolingFault = modules?.Fault is { } fault ? (files.Describe(SentenceModules.FileName), fault) : null,
            IsNormalized = modules?.IsNormalized ?? false,
            MaxLength = ModelLength.Read(files, TokenizerSettings.Read(files)),
            Labels = JsonFile.Read(files, config, root => new[] { ReadLabels(root) })?[0],
            Task = JsonFile.Read(files, config, root => new[] { ReadTask(root) })?[0] ?? TextTask.Unknown,
            StopTokens = JsonFile.Read(files, "generation_config.json", ReadStopTokens) is { Length: > 0 } tokens
                ? tokens
                : JsonFile.Read(files, config, ReadStopTokens) ?? [],
        };
    }

    /// <summary>Returns a copy of these properties with other tokens that end a text.</summary>
    internal TextModelFolder WithStopTokens(IReadOnlyList<int> tokens)
    {
        var folder = (TextModelFolder)MemberwiseClone();
        folder.StopTokens = tokens;
        return folder;
    }

    private static TextPoolingKind ReadPooling(JsonElement config)
    {
        (string Name, TextPoolingKind Kind)[] modes =
        [
            ("pooling_mode_mean_tokens", TextPoolingKind.Mean),
            ("pooling_mode_cls_token", TextPoolingKind.Cls),
            ("pooling_mode_max_tokens", TextPoolingKind.Max),
            ("pooling_mode_mean_sqrt_len_tokens", TextPoolingKind.MeanSquareRoot),
            ("pooling_mode_weightedmean_tokens", TextPoolingKind.WeightedMean),
            ("pooling_mode_lasttoken", TextPoolingKind.LastToken),
        ];
        var kinds = modes.Where(mode => config.Flag(mode.Name) ?? false).Select(mode => mode.Kind).ToArray();
        return kinds.Length == 1 ? kinds[0] : throw new FormatException($"One way of pooling is expected, and the file has {kinds.Length}.");
    }

    private static string[]? ReadLabels(JsonElement config)
    {
        if (config.Get("id2label") is not { } map)
            return null;
        var labels = map.EnumerateObject().ToDictionary(entry => int.Parse(entry.Name, CultureInfo.InvariantCulture), entry => entry.Value.GetString()!);
        return labels.Count > 0 && labels.Keys.Min() == 0 && labels.Keys.Max() == labels.Count - 1
            ? [.. Enumerable.Range(0, labels.Count).Select(id => labels[id])]
            : throw new FormatException("The numbers of 'id2label' are not 0, 1, 2 and so on.");
    }

    // In a file of settings the value of <c>eos_token_id</c> is a number or a list of numbers.
    private static int[] ReadStopTokens(JsonElement config) =>
        config.Get("eos_token_id") is not { } tokens ? []
        : tokens.ValueKind == JsonValueKind.Array ? [.. tokens.EnumerateArray().Select(token => token.GetInt32())]
        : [tokens.GetInt32()];

    private static TextTask ReadTask(JsonElement config)
    {
        (string Ending, TextTask Task)[] tasks =
        [
            ("ForSequenceClassification", TextTask.SequenceClassification),
            ("ForTokenClassification", TextTask.TokenClassification),
            ("ForQuestionAnswering", TextTask.QuestionAnswering),
            ("ForMaskedLM", TextTask.FillMask),
            ("ForCausalLM", TextTask.TextGeneration),
            ("LMHeadModel", TextTask.TextGeneration),
            ("ForConditionalGeneration", TextTask.TextToText),
            ("Model", TextTask.FeatureExtraction),
        ];
        var name = config.Get("architectures")?.EnumerateArray().Select(item => item.GetString()).FirstOrDefault();
        return tasks.FirstOrDefault(item => name?.EndsWith(item.Ending, StringComparison.Ordinal) ?? false).Task;
    }
}
