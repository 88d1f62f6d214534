using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Finds the inputs that are masks [batch, positions], token ids or token types, and chooses how many positions of each row are real. All masks and tokens of
/// one sample use the same number. If the special tokens are known, a row of token ids is that of a text: its real positions start and end with them.
/// </summary>
internal sealed class SyntheticTokens
{
    private readonly HashSet<string> _masks;
    private readonly HashSet<string> _ids;
    private readonly HashSet<string> _kinds;
    private readonly IReadOnlyDictionary<string, long> _bounds;
    private readonly DescribedTokens? _special;

    /// <param name="signature">The model's signature.</param>
    /// <param name="bounds">The sizes of the tables that inputs index.</param>
    /// <param name="tokens">The token ids of the model; null if they are unknown.</param>
    public SyntheticTokens(ModelSignature signature, IReadOnlyDictionary<string, long> bounds, DescribedTokens? tokens = null)
    {
        ValueSignature[] rows = [.. signature.Inputs.Where(input => input.Shape?.Count == 2)];
        _masks = Names(rows.Where(input => MaskInput.IsMask(input.Name, input.Shape?.Count) && input.Type is "int64" or "int32" or "bool" or "float32"));
        _kinds = Names(rows.Where(input => Has(input, "token_type") || Has(input, "segment")));
        if (tokens?.VocabularySize is { } size && rows.Any(input => input.Name == TextInputNames.Ids))
            bounds = new Dictionary<string, long>(bounds, StringComparer.Ordinal)
            {
                [TextInputNames.Ids] = Math.Min(size, bounds.GetValueOrDefault(TextInputNames.Ids, size)),
            };
        _bounds = bounds;
        // The token ids of the tokenizer are used only if they fit into the table that the input indexes. Otherwise the tokenizer belongs to another model.
        _special = bounds.TryGetValue(TextInputNames.Ids, out var ids) && (tokens?.Fit(ids) ?? false) ? tokens : null;
        _ids = Names(rows.Where(input => bounds.ContainsKey(input.Name)));
        // A synthetic batch of two rows is possible only if all inputs use the same symbol for the number of rows.
        HasOpenBatch =
            _masks.Count > 0
            && signature.Inputs.All(input => input.Shape is [{ Size: null, Name: not null }, ..])
            && signature.Inputs.Select(input => input.Shape![0].Name).Distinct().Count() == 1;
    }

    /// <summary>Whether the model has masks and accepts any number of rows.</summary>
    public bool HasOpenBatch { get; }

    /// <summary>Returns the number of valid integers of an input; null if any integer is valid.</summary>
    /// <param name="input">The input's name.</param>
    public long? Bound(string input) => _bounds.TryGetValue(input, out var bound) ? bound : null;

    /// <summary>
    /// Returns how many positions of each row are real, from half of them to all. In a model without masks all positions are real. The result is null for a
    /// model without masks whose special tokens are unknown, because the values then do not depend on the number of real positions.
    /// </summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="positions">The number of positions in each row.</param>
    /// <param name="isLastEmpty">Whether the last of several rows has no real position, as in batches that callers fill up with padding.</param>
    /// <param name="random">The generator of random numbers.</param>
    public long[]? Lengths(long rows, long positions, bool isLastEmpty, SplitMix64 random)
    {
        var lengths = new long[rows];
        if (_masks.Count == 0)
        {
            Array.Fill(lengths, positions);
            return _special is null ? null : lengths;
        }

        for (var row = 0; row < rows; row++)
            lengths[row] = positions - random.Below(positions / 2 + 1);
        if (isLastEmpty && rows > 1)
            lengths[^1] = 0;
        return lengths;
    }

    /// <summary>Returns the integer at a position of an input if the meaning of the input determines it, or null if any valid integer can be used.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="position">The position in its row.</param>
    /// <param name="length">The number of real positions in the row.</param>
    public long? At(string input, long position, long length)
    {
        var isReal = position < length;
        if (_masks.Contains(input))
            return MaskInput.IsReal(input, flag: true) == isReal ? 1 : 0;
        if (_kinds.Contains(input))
            return 0;
        if (input == TextInputNames.Ids && _special is { } special)
            return isReal ? Special(special, position, length) : special.Pad;
        return _ids.Contains(input) && !isReal ? 0 : null;
    }

    /// <summary>Returns whether an input is a mask.</summary>
    public bool IsMask(string input) => _masks.Contains(input);

    private static long? Special(DescribedTokens tokens, long position, long length)
    {
        if (position < tokens.Start.Count)
            return tokens.Start[(int)position];
        var atEnd = position - length + tokens.End.Count;
        return atEnd >= 0 ? tokens.End[(int)atEnd] : null;
    }

    private static bool Has(ValueSignature input, string part) => input.Name.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Names(IEnumerable<ValueSignature> inputs) => [.. inputs.Select(input => input.Name)];
}
