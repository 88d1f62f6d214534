namespace ModelBuild.Text.Encodings;

/// <summary>A part of a text, in UTF-16 characters.</summary>
/// <param name="Start">The index of the first character.</param>
/// <param name="Length">The number of characters.</param>
internal readonly record struct TextRange(int Start, int Length);
