namespace ModelBuild.Text.Files;

/// <summary>Represents a token of the vocabulary that is looked for in a text before the text is split into words.</summary>
/// <param name="Id">The id of the token.</param>
/// <param name="Content">The text of the token.</param>
/// <param name="IsSpecial">Whether decoding leaves the token out.</param>
/// <param name="IsNormalized">Whether the token is looked for in the normalized text.</param>
/// <param name="IsWord">Whether the token is only found between characters that belong to no word.</param>
/// <param name="StripsLeft">Whether the white space before the token belongs to the token.</param>
/// <param name="StripsRight">Whether the white space after the token belongs to the token.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, bool IsNormalized, bool IsWord, bool StripsLeft, bool StripsRight)
{
    public static AddedToken Special(int id, string content) => new(id, content, true, false, false, false, false);
}
