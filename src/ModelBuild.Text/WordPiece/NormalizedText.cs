namespace ModelBuild.Text.WordPiece;

/// <summary>Represents normalized characters, each with the index of the character in the original text that it comes from.</summary>
internal sealed class NormalizedText
{
    private char[] _characters = new char[256];
    private int[] _sources = new int[256];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Characters => _characters.AsSpan(0, Length);

    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(char character, int source)
    {
        if (Length == _characters.Length)
        {
            Array.Resize(ref _characters, Length * 2);
            Array.Resize(ref _sources, Length * 2);
        }

        _characters[Length] = character;
        _sources[Length++] = source;
    }
}
