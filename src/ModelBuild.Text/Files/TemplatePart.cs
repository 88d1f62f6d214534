namespace ModelBuild.Text.Files;

/// <summary>A text, or a special token beside it.</summary>
/// <param name="Sequence">0 for the first text, 1 for the second, -1 for a special token.</param>
/// <param name="TypeId">The token type id of the part.</param>
/// <param name="Id">The id of a special token.</param>
internal readonly record struct TemplatePart(int Sequence, int TypeId, int Id = 0);
