namespace ModelBuild.Text.Files;

/// <summary>Represents a piece, which is a token of a <see cref="SentencePieceModel"/>.</summary>
/// <param name="Text">The text of the piece.</param>
/// <param name="Score">The logarithm of its probability, or minus its rank.</param>
/// <param name="Kind">The kind of the piece.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);
