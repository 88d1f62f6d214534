using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>The values of one output of both models in one call.</summary>
/// <param name="Before">The values of the original.</param>
/// <param name="After">The values of the compressed model.</param>
/// <param name="Labels">The true class of each row; null without labels.</param>
/// <param name="Kept">Whether each position of the first two axes counts; null when all count.</param>
internal sealed record Compared(OutputValues Before, OutputValues After, long[]? Labels = null, bool[]? Kept = null)
{
    /// <summary>The number of elements of one position of <see cref="Kept"/>, or the number of all elements when all positions count.</summary>
    public int KeptSize => Kept is { Length: > 0 } ? Before.Numbers.Length / Kept.Length : Math.Max(1, Before.Numbers.Length);

    /// <summary>Returns whether the mask keeps the element at an index, so that it counts in the comparison.</summary>
    public bool Counts(int index, int keptSize) => Kept is null || Kept[index / keptSize];

    /// <summary>Returns the number of elements of the axes from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public int Size(int from, int to)
    {
        var size = 1L;
        for (var axis = from; axis < to; axis++)
            size *= Before.Shape[axis];
        return checked((int)size);
    }
}
