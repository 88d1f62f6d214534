namespace ModelBuild.Text.Files;

/// <summary>Represents the special tokens of a class of tokenizers with a <c>vocab.txt</c>, which apply unless the settings name others.</summary>
/// <param name="Padding">The token that fills rows.</param>
/// <param name="Start">The token before the first text.</param>
/// <param name="End">The token after a text.</param>
/// <param name="Mask">The token that stands for a hidden one.</param>
/// <param name="IsMpnet">Whether special tokens are placed as in MPNet (Song et al. 2020), and not as in BERT.</param>
internal sealed record VocabularyKind(string Padding, string Start, string End, string Mask, bool IsMpnet)
{
    private static readonly VocabularyKind Bert = new("[PAD]", "[CLS]", "[SEP]", "[MASK]", IsMpnet: false);

    private static readonly VocabularyKind Mpnet = new("<pad>", "<s>", "</s>", "<mask>", IsMpnet: true);

    /// <summary>The tokenizer classes whose words, special tokens or pairs differ from those of BERT, so that they are not supported.</summary>
    private static readonly string[] Others =
    [
        "BertJapanese",
        "Bertweet",
        "CpmAnt",
        "Esm",
        "Funnel",
        "Phobert",
        "ProphetNet",
        "RoFormer",
        "Splinter",
        "XLMProphetNet",
    ];

    /// <summary>Returns the kind of a model by the class of its tokenizer, or else by the type of the model.</summary>
    /// <exception cref="FormatException">The tokenizer is of a class that is not supported.</exception>
    public static VocabularyKind Read(TextFiles files, TokenizerSettings settings)
    {
        var name = settings.Class ?? JsonFile.Read(files, "config.json", root => new[] { root.Text("tokenizer_class") ?? root.Text("model_type") })?[0] ?? "";
        if (Others.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            throw new FormatException($"The tokens of '{name}' are not those of BERT. Put a tokenizer.json beside the model.");
        return name.StartsWith("MPNet", StringComparison.OrdinalIgnoreCase) ? Mpnet : Bert;
    }

    /// <summary>Returns the template of the special tokens around texts and pairs.</summary>
    /// <param name="start">The id of the token before the first text.</param>
    /// <param name="end">The id of the token after a text.</param>
    public TokenTemplate Template(int start, int end) => IsMpnet ? TokenTemplate.Roberta(start, end) : TokenTemplate.Bert(start, end);
}
