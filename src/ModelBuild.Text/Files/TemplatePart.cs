namespace ModelBuild.Text.Files;

/// <summary>Represents an element of a template of special tokens: either a text or a special token.</summary>
/// <param name="Sequence">The element: 0 for the first text, 1 for the second text, -1 for a special token.</param>
/// <param name="TypeId">The token type id of the part.</param>
/// <param name="Id">The id of a special token.</param>
internal readonly record struct TemplatePart(int Sequence, int TypeId, int Id = 0);
