namespace ModelBuild.Compression.Calibration;

/// <summary>The token ids of a model that takes texts, as its tokenizer and its configuration define them.</summary>
/// <param name="VocabularySize">The number of ids; null if it is unknown.</param>
/// <param name="Start">The special tokens in front of a text, such as <c>[CLS]</c>.</param>
/// <param name="End">The special tokens behind a text, such as <c>[SEP]</c>.</param>
/// <param name="Pad">The id of padding.</param>
internal sealed record DescribedTokens(int? VocabularySize, IReadOnlyList<int> Start, IReadOnlyList<int> End, int Pad)
{
    /// <summary>Returns whether all special token ids and the padding id are indices of rows in an embedding table.</summary>
    /// <param name="rows">The number of rows.</param>
    public bool Fit(long rows) => Start.Concat(End).Append(Pad).All(id => id >= 0 && id < rows);

    /// <summary>Returns a text with all properties, which is equal for equal token ids.</summary>
    public override string ToString() => $"{VocabularySize} [{string.Join(' ', Start)}] [{string.Join(' ', End)}] {Pad}";
}
