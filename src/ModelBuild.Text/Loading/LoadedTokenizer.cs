using ModelBuild.Text.Encodings;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.Loading;

/// <summary>What <see cref="TextTokenizer"/> needs of the files.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Template">Where special tokens stand.</param>
/// <param name="Tokens">The text of each token. Null for ids without a token.</param>
/// <param name="SpecialIds">The ids of the tokens that decoding leaves out.</param>
/// <param name="Padding">How rows are filled.</param>
/// <param name="MaxLength">The largest number of tokens. Null if there is none.</param>
/// <param name="TruncatesLeft">Whether the start of long texts is left out.</param>
internal sealed record LoadedTokenizer(
    ITextEncoder Encoder,
    TokenTemplate Template,
    IReadOnlyList<string?> Tokens,
    IReadOnlySet<int> SpecialIds,
    PaddingSettings Padding,
    int? MaxLength,
    bool TruncatesLeft
);
