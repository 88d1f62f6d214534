using System.Buffers;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Chooses the weights of a layer, or of one group of a convolution, that remain: the weights with the least cost are removed, the first one of equal costs.
/// </summary>
/// <param name="pattern">The number or share of weights that are removed.</param>
/// <param name="columns">K, the inputs that each output channel multiplies.</param>
/// <param name="blocks">The columns of each block if N of M remain; empty otherwise.</param>
/// <param name="byRow">Whether each output channel loses the same share; otherwise the share applies to all weights together.</param>
internal sealed class WeightChoice(SparsityPattern pattern, int columns, int[][] blocks, bool byRow)
{
    /// <summary>Returns, for the weights [N, K] of a layer, whether each of them remains.</summary>
    /// <param name="costs">The cost of removing each weight, [N, K].</param>
    /// <param name="progress">The share of the sparsity that applies now; 1 for all of it.</param>
    public bool[] Kept(double[] costs, double progress = 1)
    {
        var kept = new bool[costs.Length];
        if (blocks.Length > 0)
            ByBlock(costs, (int)Math.Round(progress * (pattern.Block - pattern.Kept)), kept);
        else
            for (var (start, length) = (0, byRow ? columns : costs.Length); start < costs.Length; start += length)
                Mark(costs.AsSpan(start, length), (int)Math.Round(progress * pattern.Share * length), kept.AsSpan(start, length));
        return kept;
    }

    private void ByBlock(double[] costs, int count, bool[] kept)
    {
        var some = new double[pattern.Block];
        var marked = new bool[pattern.Block];
        for (var row = 0; row < costs.Length; row += columns)
            foreach (var block in blocks)
            {
                for (var i = 0; i < block.Length; i++)
                    some[i] = costs[row + block[i]];
                Mark(some, count, marked);
                for (var i = 0; i < block.Length; i++)
                    kept[row + block[i]] = marked[i];
            }
    }

    private static void Mark(ReadOnlySpan<double> costs, int count, Span<bool> kept)
    {
        kept.Fill(true);
        if (count == 0)
            return;
        var moved = ArrayPool<double>.Shared.Rent(costs.Length);
        costs.CopyTo(moved);
        var border = Smallest(moved.AsSpan(0, costs.Length), count - 1);
        ArrayPool<double>.Shared.Return(moved);
        var equal = count;
        foreach (var cost in costs)
            equal -= cost < border ? 1 : 0;
        for (var i = 0; i < costs.Length; i++)
            if (costs[i] < border || (costs[i] == border && equal-- > 0))
                kept[i] = false;
    }

    // Returns the number that would be at a position after sorting (Hoare 1961, Algorithm 65: Find). The method reorders the numbers.
    private static double Smallest(Span<double> numbers, int place)
    {
        var (first, last) = (0, numbers.Length - 1);
        while (first < last)
        {
            var pivot = numbers[(first + last) / 2];
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (numbers[i] < pivot)
                    i++;
                while (pivot < numbers[j])
                    j--;
                if (i <= j)
                {
                    (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                    i++;
                    j--;
                }
            }

            (first, last) =
                place <= j ? (first, j)
                : place >= i ? (i, last)
                : (place, place);
        }

        return numbers[place];
    }
}
