namespace ModelBuild.Text;

/// <summary>The part of the original text that a token stands for.</summary>
public readonly record struct TokenOffset
{
    private readonly int _sequencePlusOne;

    /// <summary>Creates the offset of a token that stands for text.</summary>
    /// <param name="start">The index of the first character.</param>
    /// <param name="length">The number of UTF-16 characters.</param>
    /// <param name="sequence">0 for the first text, 1 for the second one of a pair.</param>
    public TokenOffset(int start, int length, int sequence = 0) => (Start, Length, _sequencePlusOne) = (start, length, sequence + 1);

    /// <summary>The index of the first character in the original text.</summary>
    public int Start { get; }

    /// <summary>The number of UTF-16 characters. 0 for a token that the tokenizer puts in itself, such as a space before the first word.</summary>
    public int Length { get; }

    /// <summary>0 for the first text, 1 for the second one of a pair, -1 for a special token that is in none.</summary>
    public int Sequence => _sequencePlusOne - 1;

    /// <summary>Whether the token is in a text. False for the special tokens that are added.</summary>
    public bool HasText => _sequencePlusOne > 0;
}
