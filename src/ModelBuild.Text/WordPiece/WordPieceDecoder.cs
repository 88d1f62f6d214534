using System.Text;
using ModelBuild.Text.Files;

namespace ModelBuild.Text.WordPiece;

/// <summary>Joins the tokens of a WordPiece tokenizer like BERT's to text, as Hugging Face's library does.</summary>
internal sealed class WordPieceDecoder(string?[] tokens, WordPieceSettings settings)
{
    /// <summary>The replacements that the clean-up applies to a token with the space before it, in this order.</summary>
    private static readonly (string Before, string After)[] Replacements =
    [
        (" .", "."),
        (" ?", "?"),
        (" !", "!"),
        (" ,", ","),
        (" ' ", "'"),
        (" n't", "n't"),
        (" 'm", "'m"),
        (" do not", " don't"),
        (" 's", "'s"),
        (" 've", "'ve"),
        (" 're", "'re"),
    ];

    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        var isFirst = true;
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)tokens.Length || tokens[id] is not { } token)
                continue;
            text.Append(CleanUp(isFirst ? token : Join(token)));
            isFirst = false;
        }

        return text.ToString();
    }

    private string Join(string token) => token.StartsWith(settings.Prefix, StringComparison.Ordinal) ? token[settings.Prefix.Length..] : " " + token;

    private string CleanUp(string token)
    {
        if (!settings.CleansUp)
            return token;
        foreach (var (before, after) in Replacements)
            token = token.Replace(before, after, StringComparison.Ordinal);
        return token;
    }
}
