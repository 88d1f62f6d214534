namespace ModelBuild.Runtime;

/// <summary>
/// Specifies how tokens are chosen from the logits of a decoder, and when the generation ends. Without settings the most likely token is chosen each time.
/// </summary>
/// <remarks>
/// The options are applied in the order of Hugging Face's library: <see cref="RepetitionPenalty"/>, <see cref="Temperature"/>, <see cref="TopK"/>, <see
/// cref="TopP"/>.
/// </remarks>
public sealed record GenerationOptions
{
    /// <summary>Gets the largest number of tokens that are generated, at least 1. The default is 256.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>
    /// Gets the number that the logits are divided by before a token is drawn by chance. Values below 1 favor likely tokens. With 0, the default, the most
    /// likely token is chosen, and <see cref="TopK"/>, <see cref="TopP"/> and <see cref="Seed"/> have no effect.
    /// </summary>
    public float Temperature { get; init; }

    /// <summary>Gets the number of most likely tokens that can be drawn. With 0, the default, all tokens can be drawn.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Gets the total probability of the tokens that can be drawn, which are the fewest tokens whose probabilities have at least this sum (Holtzman et al.,
    /// "The curious case of neural text degeneration", 2020). With 1, the default, all tokens can be drawn.
    /// </summary>
    public float TopP { get; init; } = 1;

    /// <summary>
    /// Gets the seed of the random numbers. The same seed, options and logits give the same tokens on the same kind of machine with the same version of .NET.
    /// The logits of a model and the sums of probabilities differ in the last digits between processors.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Gets the number by which the logits of tokens that are already in the text are made less likely: positive logits are divided by it, and negative ones
    /// are multiplied by it (Keskar et al., "CTRL", 2019). With 1, the default, they stay unchanged.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// Gets the tokens that end the generation. They are not part of the result. With null, the default, these are the tokens that the files beside the
    /// tokenizer name as the end of a text; a generation without a tokenizer has none.
    /// </summary>
    public IReadOnlyCollection<int>? StopTokens { get; init; }

    /// <summary>Checks the ranges of the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(TopK);
        // The conditions are negated so that NaN is rejected, because a comparison with NaN is false.
        if (!(Temperature >= 0 && float.IsFinite(Temperature)))
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "The temperature is 0 or a positive number.");
        if (!(TopP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "The sum of the probabilities is more than 0 and at most 1.");
        if (!(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty)))
            throw new ArgumentOutOfRangeException(nameof(RepetitionPenalty), RepetitionPenalty, "The penalty is a positive number.");
    }
}
