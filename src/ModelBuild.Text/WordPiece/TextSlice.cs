namespace ModelBuild.Text.WordPiece;

/// <summary>Represents the characters of a text from the index <paramref name="Start"/> up to the index <paramref name="End"/>, which is excluded.</summary>
internal readonly record struct TextSlice(int Start, int End);
