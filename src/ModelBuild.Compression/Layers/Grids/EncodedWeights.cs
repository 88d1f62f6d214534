using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Layers.Grids;

/// <summary>The codes of a weight matrix in one or two bytes each, because the memory may hold only the codes of a layer.</summary>
/// <param name="Grid">The grid of the codes.</param>
/// <param name="Codes">For each weight in row-major order, the code minus the smallest code, in <see cref="CodeBytes"/> bytes.</param>
internal sealed record EncodedWeights(WeightGrid Grid, byte[] Codes)
{
    // The number of weights that one thread fits to a grid at a time. As float64 numbers they fit into the CPU cache.
    private const int ChunkWeights = 1 << 15;

    // The number of rows of the matrix to read together when rows are adjacent in memory: as many float32 numbers as share a cache line.
    private const int LineRows = 16;

    /// <summary>The size of a code in bytes: 1 or 2.</summary>
    public int CodeBytes => BytesOf(Grid);

    /// <summary>
    /// Fits a grid to a weight matrix and rounds the weights to codes. The rows are independent unless they share a scale, so that the result does not depend
    /// on the number of threads.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="rule">The rule that determines the grid.</param>
    /// <param name="balanced">The number of adjacent columns to balance first, 1 for complete blocks only, or 0 for the nearest codes.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    public static EncodedWeights Encode(WeightMatrix weights, IGridRule rule, int balanced, CancellationToken cancellationToken)
    {
        var (rows, columns) = (weights.Rows, weights.Columns);
        var chunkRows = rule.Shared ? rows : Math.Max(weights.InputsBefore > 1 ? LineRows : 1, ChunkWeights / columns);
        var chunks = new EncodedWeights[(rows + chunkRows - 1) / chunkRows];
        byte[]? codes = null;
        object? gate = null;
        Parallel.For(
            0,
            chunks.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            chunk =>
            {
                var first = chunk * chunkRows;
                var count = Math.Min(chunkRows, rows - first);
                var values = weights.Read(first, count);
                var grid = rule.ForRows(first, count).Fit(values, count, columns);
                var all = LazyInitializer.EnsureInitialized(ref codes, ref gate, () => new byte[checked(rows * columns * BytesOf(grid))]);
                chunks[chunk] = new EncodedWeights(grid, all);
                chunks[chunk].Set(first, balanced > 0 ? BalancedRounding.Round(grid, values, balanced) : grid.Round(values));
            }
        );
        var grids = Array.ConvertAll(chunks, chunk => chunk.Grid);
        return new EncodedWeights(
            grids[0] with
            {
                Rows = rows,
                Scales = [.. grids.SelectMany(grid => grid.Scales)],
                ZeroPoints = grids[0].ZeroPoints is null ? null : [.. grids.SelectMany(grid => grid.ZeroPoints!)],
            },
            codes!
        );
    }

    /// <summary>Returns the codes of some rows of the matrix.</summary>
    public int[] Read(int firstRow, int rows)
    {
        var codes = new int[rows * Grid.Columns];
        var from = firstRow * Grid.Columns;
        if (CodeBytes == 1)
            for (var i = 0; i < codes.Length; i++)
                codes[i] = Codes[from + i] + Grid.MinCode;
        else
            for (var i = 0; i < codes.Length; i++)
                codes[i] = Wide[from + i] + Grid.MinCode;
        return codes;
    }

    /// <summary>Replaces the codes from <paramref name="firstRow"/> on. Several threads may call it for different rows.</summary>
    public void Set(int firstRow, ReadOnlySpan<int> codes)
    {
        var to = firstRow * Grid.Columns;
        if (CodeBytes == 1)
            for (var i = 0; i < codes.Length; i++)
                Codes[to + i] = (byte)(codes[i] - Grid.MinCode);
        else
            for (var i = 0; i < codes.Length; i++)
                Wide[to + i] = (ushort)(codes[i] - Grid.MinCode);
    }

    /// <summary>Returns the codes of all weights as unsigned integers of a number of bits, which is not less than that of the grid.</summary>
    /// <param name="bits">The number of bits. Without zero points the middle of their range stands for 0.</param>
    public byte[] Unsigned(int bits)
    {
        var shift = Grid.ZeroPoints is null ? (1 << (bits - 1)) + Grid.MinCode : 0;
        return shift == 0 ? Codes : Array.ConvertAll(Codes, code => (byte)(code + shift));
    }

    /// <summary>Returns the codes as the little-endian bytes of a tensor of signed integers, in the order of its elements.</summary>
    public byte[] ToTensor(WeightLayout layout)
    {
        if (CodeBytes == 1)
        {
            var bytes = layout.FromRows<byte>(Codes);
            foreach (ref var code in bytes.AsSpan())
                code = unchecked((byte)(code + Grid.MinCode));
            return bytes;
        }

        var wide = layout.FromRows<ushort>(Wide);
        foreach (ref var code in wide.AsSpan())
            code = unchecked((ushort)(code + Grid.MinCode));
        return MemoryMarshal.AsBytes(wide.AsSpan()).ToArray();
    }

    private Span<ushort> Wide => MemoryMarshal.Cast<byte, ushort>(Codes.AsSpan());

    private static int BytesOf(WeightGrid grid) => grid.MaxCode - grid.MinCode > byte.MaxValue ? sizeof(ushort) : sizeof(byte);
}
