namespace ModelBuild.Protocol;

/// <summary>Represents an input with cached keys or values of attention, and the output that becomes this input in the next call.</summary>
/// <param name="Input">The index of the input.</param>
/// <param name="Output">The index of the output.</param>
/// <param name="BatchAxis">The axis of the rows: 0, or 1 if keys and values are one tensor [2, batch, heads, length, size].</param>
/// <param name="LengthAxis">The axis with one entry for each token.</param>
/// <param name="Grows">
/// Whether the entries are those of the decoder's tokens, so that the length grows with each call. Otherwise they are those of the encoder's result, which the
/// first call computes.
/// </param>
internal sealed record DecoderPair(int Input, int Output, int BatchAxis, int LengthAxis, bool Grows)
{
    private const string Past = "past";
    private const string Present = "present";
    private const string KeyValues = "_key_values";

    /// <summary>Finds the pairs of a decoder by the names that exporters give them, such as <c>past_key_values.0.key</c> and <c>present.0.key</c>.</summary>
    /// <returns>The pairs; null if an input of cached values has no matching output, or if a shape cannot be that of a cache.</returns>
    public static IReadOnlyList<DecoderPair>? FindAll(IReadOnlyList<DescribedValue> inputs, IReadOnlyList<DescribedValue> outputs)
    {
        var pairs = new List<DecoderPair>();
        for (var input = 0; input < inputs.Count; input++)
        {
            if (Rest(inputs[input].Name, Past) is not { } name)
                continue;
            var output = Enumerable.Range(0, outputs.Count).Where(index => Rest(outputs[index].Name, Present) == name).ToArray();
            if (output.Length != 1 || Find(inputs[input], outputs[output[0]], name, input, output[0]) is not { } pair)
                return null;
            pairs.Add(pair);
        }

        return pairs;
    }

    private static DecoderPair? Find(DescribedValue past, DescribedValue present, string name, int input, int output)
    {
        if (!past.HasFractions || past.Type != present.Type || past.Sizes is not { Count: 4 or 5 } sizes)
            return null;
        var batch = sizes.Count - 4;
        var dynamic = Enumerable.Range(0, sizes.Count).Where(axis => sizes[axis] == 0 && axis != batch).ToArray();
        var isCache =
            dynamic.Length == 1
            && dynamic[0] > batch
            && sizes[batch] is 0 or 1
            && (batch == 0 || sizes[0] == 2)
            && (present.Sizes is null || Agrees(sizes, present.Sizes, dynamic[0]));
        // A pair whose name contains 'encoder' has values of the encoder. This test is safe, because 'decoder' does not contain 'encoder'.
        var isCross = name.Contains("encoder") || name.Contains("cross");
        return isCache ? new DecoderPair(input, output, batch, dynamic[0], !isCross) : null;
    }

    private static bool Agrees(IReadOnlyList<int> past, IReadOnlyList<int> present, int length) =>
        past.Count == present.Count
        && present[length] == 0
        && Enumerable.Range(0, past.Count).All(axis => axis == length || past[axis] == present[axis] || past[axis] == 0 || present[axis] == 0);

    /// <summary>
    /// Returns the part of a name after its mark, which the input and the output of a pair have in common; null if the name does not start with the mark.
    /// </summary>
    private static string? Rest(string name, string mark)
    {
        if (!name.StartsWith(mark, StringComparison.Ordinal))
            return null;
        var rest = name.Substring(mark.Length);
        return rest.StartsWith(KeyValues, StringComparison.Ordinal) ? rest.Substring(KeyValues.Length) : rest;
    }
}
