namespace ModelBuild.Text.Encodings;

/// <summary>Represents a part of a text by its position and length in UTF-16 characters.</summary>
/// <param name="Start">The index of the first character.</param>
/// <param name="Length">The number of characters.</param>
internal readonly record struct TextRange(int Start, int Length);
