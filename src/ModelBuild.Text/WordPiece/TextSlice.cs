namespace ModelBuild.Text.WordPiece;

/// <summary>The characters from <paramref name="Start"/> up to <paramref name="End"/>, without it.</summary>
internal readonly record struct TextSlice(int Start, int End);
