using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>Specifies the weights that become zero: a share of all weights, or all but N of each block of M.</summary>
/// <param name="Share">The share of weights that become zero, from 0 to less than 1.</param>
/// <param name="Kept">N of N:M: the largest number of weights of a block that remain; 0 without blocks.</param>
/// <param name="Block">M of N:M: the number of neighbouring inputs of a block; 0 without blocks.</param>
internal sealed record SparsityPattern(double Share, int Kept = 0, int Block = 0)
{
    /// <summary>Parses a share such as <c>0.5</c>, or N:M such as <c>2:4</c>.</summary>
    /// <exception cref="CompressionException">MB1005: the text has neither form.</exception>
    public static SparsityPattern Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and < 1)
                return new SparsityPattern(share);
        }
        else if (
            int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            && kept > 0
            && kept < block
        )
        {
            return new SparsityPattern(1 - (double)kept / block, kept, block);
        }

        throw new CompressionException(
            Codes.UnknownOption,
            $"'prune' cannot take sparsity '{text}': write the share of weights to set to zero, such as 0.5, or N:M to keep N of M neighbouring "
                + $"weights, such as 2:4."
        );
    }
}
