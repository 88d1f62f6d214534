using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.Loading;

/// <summary>A tokenizer and the settings of its files.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Template">Where special tokens stand.</param>
/// <param name="Tokens">The text of each token. The text is null for ids without a token.</param>
/// <param name="SpecialIds">The ids of the tokens that decoding leaves out.</param>
/// <param name="Padding">How rows are filled.</param>
/// <param name="EndId">The id of the token that ends a text, <c>eos_token</c>. The value is null if the files name none.</param>
/// <param name="MaxLength">The largest number of tokens. The value is null if there is none.</param>
/// <param name="TruncatesLeft">Whether the start of long texts is left out.</param>
internal sealed record LoadedTokenizer(
    ITextEncoder Encoder,
    TokenTemplate Template,
    IReadOnlyList<string?> Tokens,
    IReadOnlySet<int> SpecialIds,
    PaddingSettings Padding,
    int? EndId,
    int? MaxLength,
    bool TruncatesLeft
);
