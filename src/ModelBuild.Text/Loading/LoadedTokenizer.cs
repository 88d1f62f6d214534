using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.Loading;

/// <summary>Represents a tokenizer that was read from its files, with their settings.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Template">The special tokens around texts.</param>
/// <param name="Tokens">The text of each token. The text is null for ids without a token.</param>
/// <param name="SpecialIds">The ids of the tokens that decoding leaves out.</param>
/// <param name="Padding">The token that fills rows of a batch, and the side on which it does.</param>
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
