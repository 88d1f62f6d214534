namespace ModelBuild.Protocol;

/// <summary>
/// Represents the inputs and outputs, by index, of a decoder that generates tokens and returns the keys and values of attention as a cache for the next call.
/// An index is -1 if the model has no such input.
/// </summary>
/// <param name="Ids">The input <c>input_ids</c>, [batch, tokens].</param>
/// <param name="Mask">The input <c>attention_mask</c>, [batch, cached and new tokens].</param>
/// <param name="Positions">The input <c>position_ids</c>, [batch, tokens].</param>
/// <param name="CachePositions">The input <c>cache_position</c>, [tokens].</param>
/// <param name="Kept">The input <c>num_logits_to_keep</c>: the number of tokens at the end whose logits the model computes.</param>
/// <param name="UsesCache">The input <c>use_cache_branch</c> of a model with one branch for the first call and one for the others.</param>
/// <param name="EncoderStates">The input <c>encoder_hidden_states</c>, [batch, encoder tokens, width].</param>
/// <param name="EncoderMask">The input <c>encoder_attention_mask</c>, [batch, encoder tokens].</param>
/// <param name="Logits">The output <c>logits</c>, [batch, tokens, vocabulary].</param>
/// <param name="Pairs">The pairs of the cache.</param>
internal sealed record DecoderLayout(
    int Ids,
    int Mask,
    int Positions,
    int CachePositions,
    int Kept,
    int UsesCache,
    int EncoderStates,
    int EncoderMask,
    int Logits,
    IReadOnlyList<DecoderPair> Pairs
)
{
    /// <summary>
    /// Finds the layout of a decoder by names and shapes; null if the model is not a decoder with a cache, or if it has an input of unknown meaning.
    /// </summary>
    public static DecoderLayout? Find(IReadOnlyList<DescribedValue> inputs, IReadOnlyList<DescribedValue> outputs)
    {
        if (DecoderPair.FindAll(inputs, outputs) is not { } pairs || !pairs.Any(pair => pair.Grows))
            return null;
        var layout = new DecoderLayout(
            Index(inputs, "input_ids"),
            Index(inputs, "attention_mask"),
            Index(inputs, "position_ids"),
            Index(inputs, "cache_position"),
            Index(inputs, "num_logits_to_keep"),
            Index(inputs, "use_cache_branch"),
            Index(inputs, "encoder_hidden_states"),
            Index(inputs, "encoder_attention_mask"),
            Index(outputs, "logits"),
            pairs
        );
        return layout.Fits(inputs, outputs) ? layout : null;
    }

    private bool Fits(IReadOnlyList<DescribedValue> inputs, IReadOnlyList<DescribedValue> outputs)
    {
        int[] named = [Ids, Mask, Positions, CachePositions, Kept, UsesCache, EncoderStates, EncoderMask];
        return Ids >= 0
            && Logits >= 0
            && named.Count(index => index >= 0) + Pairs.Count == inputs.Count
            && IsRow(inputs[Ids])
            && new[] { Mask, Positions, EncoderMask }.All(index => index < 0 || IsRow(inputs[index]))
            && (CachePositions < 0 || (IsInteger(inputs[CachePositions]) && IsOpen(inputs[CachePositions], 0)))
            && (Kept < 0 || (IsInteger(inputs[Kept]) && IsOne(inputs[Kept])))
            && (UsesCache < 0 || (inputs[UsesCache].Type == "bool" && IsOne(inputs[UsesCache])))
            && (EncoderStates < 0 || (inputs[EncoderStates].IsFloat && IsOpen(inputs[EncoderStates], 1, 3) && inputs[EncoderStates].FromEnd(1) > 0))
            && (EncoderMask < 0 || EncoderStates >= 0)
            && outputs[Logits].IsFloat
            && outputs[Logits].Rank is 3
            // The cached keys and values of an encoder's output do not grow. A model with such a cache needs the output of the encoder as an input, and an
            // input that selects the branch of the first call, which computes the keys and values of the encoder's output.
            && (Pairs.All(pair => pair.Grows) || (UsesCache >= 0 && EncoderStates >= 0));
    }

    // Returns whether an input is one row with any number of tokens.
    private static bool IsRow(DescribedValue input) => IsInteger(input) && IsOpen(input, 1);

    // Returns whether the dimension of tokens is dynamic, and each dimension before it is 1 or dynamic.
    private static bool IsOpen(DescribedValue input, int axis, int? rank = null) =>
        input.Sizes is { } sizes && sizes.Count == (rank ?? axis + 1) && sizes[axis] == 0 && sizes.Take(axis).All(size => size <= 1);

    // Returns whether an input is a scalar or a vector of one element.
    private static bool IsOne(DescribedValue input) => input.Sizes is { Count: <= 1 } sizes && sizes.All(size => size <= 1);

    private static bool IsInteger(DescribedValue input) => input.Type is "int64" or "int32";

    private static int Index(IReadOnlyList<DescribedValue> values, string name)
    {
        for (var index = 0; index < values.Count; index++)
            if (values[index].Name == name)
                return index;
        return -1;
    }
}
