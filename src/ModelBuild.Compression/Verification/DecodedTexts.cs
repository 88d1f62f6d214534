namespace ModelBuild.Compression.Verification;

/// <summary>Compares the texts that both models' classes decode to with one class as the blank.</summary>
internal sealed class DecodedTexts
{
    private long _symbols;
    private long _differing;

    /// <summary>The number of time steps for which the class of the original is the blank symbol.</summary>
    public long Blanks { get; private set; }

    /// <summary>One minus the edit distance of the texts divided by their length, 0…1; null when no text has a symbol.</summary>
    public double? Agreement => _symbols == 0 ? null : 1 - ((double)_differing / _symbols);

    /// <summary>Adds the classes of one sample's time steps.</summary>
    public void Add(IReadOnlyList<int> before, IReadOnlyList<int> after, int blank)
    {
        Blanks += before.Count(winner => winner == blank);
        var (x, y) = (Decode(before, blank), Decode(after, blank));
        _symbols += Math.Max(x.Length, y.Length);
        _differing += EditDistance.Of(x, y);
    }

    private static int[] Decode(IReadOnlyList<int> winners, int blank) =>
        [.. winners.Where((winner, i) => winner != blank && (i == 0 || winners[i - 1] != winner))];
}
