namespace ModelBuild.Text.WordPiece;

/// <summary>Represents the tokens of a word.</summary>
/// <param name="Word">The word.</param>
/// <param name="Ids">The ids of its tokens.</param>
/// <param name="Starts">The index in the word where each token starts.</param>
internal sealed record WordTokens(string Word, int[] Ids, int[] Starts);
