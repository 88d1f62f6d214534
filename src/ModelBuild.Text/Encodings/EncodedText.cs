namespace ModelBuild.Text;

/// <summary>Represents the tokens of a text, or of a pair of texts, as the inputs of a model.</summary>
public sealed class EncodedText
{
    private readonly int[] _ids;
    private readonly int[] _typeIds;
    private readonly Lazy<TokenOffset[]> _offsets;
    private int[]? _mask;

    internal EncodedText(int[] ids, int[] typeIds, bool isTruncated, Func<TokenOffset[]> offsets)
    {
        _ids = ids;
        _typeIds = typeIds;
        _offsets = new Lazy<TokenOffset[]>(offsets);
        IsTruncated = isTruncated;
    }

    /// <summary>Gets the number of tokens, special ones included.</summary>
    public int Length => _ids.Length;

    /// <summary>Gets the ids of the tokens, special ones included.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Gets the type id of each token, which states the text of a pair that the token belongs to, for models with an input of type ids.</summary>
    public ReadOnlySpan<int> TypeIds => _typeIds;

    /// <summary>Gets the attention mask, which is 1 for each token, because only the rows of a batch have padding.</summary>
    public ReadOnlySpan<int> Mask => _mask ??= [.. Enumerable.Repeat(1, Length)];

    /// <summary>
    /// Gets the part of the original text that each token stands for, in UTF-16 characters, without white space at its ends. Tokens of one character share its
    /// part. The parts are computed at the first access.
    /// </summary>
    public ReadOnlySpan<TokenOffset> Offsets => _offsets.Value;

    /// <summary>Gets whether tokens were left out because the text is longer than <see cref="TextTokenizer.MaxLength"/>.</summary>
    public bool IsTruncated { get; }
}
