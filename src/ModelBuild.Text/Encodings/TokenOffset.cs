namespace ModelBuild.Text;

/// <summary>Represents the part of the original text that a token stands for.</summary>
public readonly record struct TokenOffset
{
    private readonly int _sequencePlusOne;

    /// <summary>Initializes a new instance of the <see cref="TokenOffset"/> struct for a token that stands for text.</summary>
    /// <param name="start">The index of the first character.</param>
    /// <param name="length">The number of UTF-16 characters.</param>
    /// <param name="sequence">0 for the first text, 1 for the second one of a pair.</param>
    public TokenOffset(int start, int length, int sequence = 0) => (Start, Length, _sequencePlusOne) = (start, length, sequence + 1);

    /// <summary>Gets the index of the first character of the token in the original text.</summary>
    public int Start { get; }

    /// <summary>Gets the number of UTF-16 characters. The number is 0 for a token that the tokenizer inserts, such as a space before the first word.</summary>
    public int Length { get; }

    /// <summary>
    /// Gets the number of the text that the token is in: 0 for the first text, 1 for the second one of a pair, and -1 for a special token, which is in no text.
    /// </summary>
    public int Sequence => _sequencePlusOne - 1;

    /// <summary>Gets whether the token is in a text. The value is false for the special tokens that the tokenizer adds.</summary>
    public bool HasText => _sequencePlusOne > 0;
}
