namespace ModelBuild.Text.WordPiece;

/// <summary>Represents the options of <see cref="BertNormalizer"/>.</summary>
/// <param name="CleanText">Whether control characters are removed and white space becomes spaces.</param>
/// <param name="HandleChineseCharacters">Whether spaces are added around Chinese characters.</param>
/// <param name="StripAccents">Whether characters are decomposed and their marks removed.</param>
/// <param name="LowerCase">Whether letters are converted to lower case.</param>
internal sealed record BertNormalization(bool CleanText, bool HandleChineseCharacters, bool StripAccents, bool LowerCase);
