using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>One call's values of both models.</summary>
/// <param name="Before">The original's.</param>
/// <param name="After">The compressed model's.</param>
/// <param name="Labels">The true class of each row; null without labels.</param>
/// <param name="Kept">Which positions of the first two axes count; null where all do.</param>
internal sealed record Compared(OutputValues Before, OutputValues After, long[]? Labels = null, bool[]? Kept = null)
{
    /// <summary>The number of elements of one position of <see cref="Kept"/>; all elements where all positions count.</summary>
    public int KeptSize => Kept is { Length: > 0 } ? Before.Numbers.Length / Kept.Length : Math.Max(1, Before.Numbers.Length);

    /// <summary>Whether the element at an index counts.</summary>
    public bool Counts(int index, int keptSize) => Kept is null || Kept[index / keptSize];

    /// <summary>The size of axes from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public int Size(int from, int to)
    {
        var size = 1L;
        for (var axis = from; axis < to; axis++)
            size *= Before.Shape[axis];
        return checked((int)size);
    }
}
