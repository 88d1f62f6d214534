namespace ModelBuild.Text;

/// <summary>Represents encoded texts as the rows of tensors <c>[rows, length]</c>: shorter rows are filled to the length of the longest one.</summary>
public sealed class EncodedBatch
{
    private readonly EncodedText[] _texts;
    private readonly (int Id, int TypeId, bool IsLeft) _padding;

    internal EncodedBatch(ReadOnlySpan<EncodedText> texts, int padId, int padTypeId, bool padsLeft, int minLength = 0)
    {
        _texts = texts.ToArray();
        _padding = (padId, padTypeId, padsLeft);
        Length = minLength;
        foreach (var text in texts)
        {
            Length = Math.Max(Length, text.Length);
            TokenCount += text.Length;
        }

        (Ids, Mask, TypeIds) = (new long[Rows * Length], new long[Rows * Length], new long[Rows * Length]);
        for (var row = 0; row < Rows; row++)
        {
            var text = _texts[row];
            Ids.AsSpan(row * Length, Length).Fill(padId);
            TypeIds.AsSpan(row * Length, Length).Fill(padTypeId);
            var start = row * Length + (padsLeft ? Length - text.Length : 0);
            for (var i = 0; i < text.Length; i++)
                (Ids[start + i], Mask[start + i], TypeIds[start + i]) = (text.Ids[i], 1, text.TypeIds[i]);
        }
    }

    /// <summary>Gets the number of rows.</summary>
    public int Rows => _texts.Length;

    /// <summary>Gets the number of tokens of each row, padding included.</summary>
    public int Length { get; }

    /// <summary>Gets the number of tokens of all rows, without padding.</summary>
    public int TokenCount { get; }

    /// <summary>Gets the token ids in row-major order, of shape <c>[rows, length]</c>: the input <c>input_ids</c>.</summary>
    public long[] Ids { get; }

    /// <summary>Gets the attention mask, 1 for tokens and 0 for padding, of shape <c>[rows, length]</c>: the input <c>attention_mask</c>.</summary>
    public long[] Mask { get; }

    /// <summary>Gets the type ids, of shape <c>[rows, length]</c>: the input <c>token_type_ids</c>.</summary>
    public long[] TypeIds { get; }

    /// <summary>Gets the encoded texts, one for each row.</summary>
    public IReadOnlyList<EncodedText> Texts => _texts;

    /// <summary>Returns a batch with the same texts, whose rows are filled with padding to a given number of tokens.</summary>
    /// <exception cref="ArgumentException">A text has more tokens than the given number.</exception>
    internal EncodedBatch WithLength(int length) =>
        Length > length
            ? throw new ArgumentException(
                $"The model takes {length} tokens, and a text has {Length}. Load the tokenizer with this number as its largest length."
            )
            : new EncodedBatch(_texts, _padding.Id, _padding.TypeId, _padding.IsLeft, length);

    /// <summary>Returns <see cref="Ids"/> for a model whose inputs are int32.</summary>
    public int[] IdsAsInt32() => Array.ConvertAll(Ids, value => (int)value);

    /// <summary>Returns <see cref="Mask"/> for a model whose inputs are int32.</summary>
    public int[] MaskAsInt32() => Array.ConvertAll(Mask, value => (int)value);

    /// <summary>Returns <see cref="TypeIds"/> for a model whose inputs are int32.</summary>
    public int[] TypeIdsAsInt32() => Array.ConvertAll(TypeIds, value => (int)value);
}
