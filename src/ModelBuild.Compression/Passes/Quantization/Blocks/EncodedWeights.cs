using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The codes of a weight matrix.</summary>
/// <param name="Grid">What the codes stand for.</param>
/// <param name="Codes">For each weight, row by row, the code less the least code: 0 … 2^bits − 1.</param>
internal sealed record EncodedWeights(WeightGrid Grid, byte[] Codes)
{
    // Weights that one thread fits at a time; the float64 numbers of so many fit into the cache.
    private const int ChunkWeights = 1 << 15;

    /// <summary>Fits the grid and rounds. Rows are independent of each other, so the result does not depend on how many are done at once.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="rule">How the grid follows from them.</param>
    /// <param name="balanced">Neighbouring columns to balance first, 1 for whole blocks only; 0 for the nearest codes.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public static EncodedWeights Encode(WeightMatrix weights, IGridRule rule, int balanced, CancellationToken cancellationToken)
    {
        var (rows, columns) = (weights.Rows, weights.Columns);
        var codes = new byte[rows * columns];
        var chunkRows = Math.Max(1, ChunkWeights / columns);
        var grids = new WeightGrid[(rows + chunkRows - 1) / chunkRows];
        Parallel.For(0, grids.Length, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
        {
            var first = chunk * chunkRows;
            var count = Math.Min(chunkRows, rows - first);
            var values = weights.Read(first, count);
            var grid = grids[chunk] = rule.Fit(values, count, columns);
            var chosen = balanced > 0 ? BalancedRounding.Round(grid, values, balanced) : grid.Round(values);
            for (var i = 0; i < chosen.Length; i++)
                codes[first * columns + i] = (byte)(chosen[i] - grid.MinCode);
        });
        return new EncodedWeights(
            grids[0] with
            {
                Rows = rows,
                Scales = [.. grids.SelectMany(grid => grid.Scales)],
                ZeroPoints = grids[0].ZeroPoints is null ? null : [.. grids.SelectMany(grid => grid.ZeroPoints!)],
            },
            codes);
    }

    /// <summary>Codes that were chosen elsewhere.</summary>
    public static EncodedWeights From(WeightGrid grid, ReadOnlySpan<int> codes)
    {
        var bytes = new byte[codes.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(codes[i] - grid.MinCode);
        return new EncodedWeights(grid, bytes);
    }

    /// <summary>The codes as solvers take them.</summary>
    public int[] ToCodes()
    {
        var codes = new int[Codes.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = Codes[i] + Grid.MinCode;
        return codes;
    }
}
