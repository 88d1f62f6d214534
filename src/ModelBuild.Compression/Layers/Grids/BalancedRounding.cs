namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Rounding under which the errors of a block add up to next to nothing (SQuant: Guo et al. 2022). Each weight goes to its nearest code first; then those nearest to the
/// boundary between two codes go to the other one until the block's errors add up to less than half a step. Inputs that are not centred around 0, as after Relu,
/// are worth 3 to 7 dB that way, without data. Ties go to the first.
/// </summary>
internal static class BalancedRounding
{
    /// <summary>The codes of <paramref name="weights"/> on <paramref name="grid"/>.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="weights">The weights, row by row.</param>
    /// <param name="group">Neighbouring columns that are balanced among themselves first, such as a convolution's kernel; 1 for none.</param>
    public static int[] Round(WeightGrid grid, ReadOnlySpan<float> weights, int group)
    {
        var codes = new int[weights.Length];
        Span<double> errors = new double[grid.Columns];
        for (var row = 0; row < grid.Rows; row++)
        {
            var start = row * grid.Columns;
            var rowCodes = codes.AsSpan(start, grid.Columns);
            for (var column = 0; column < grid.Columns; column++)
            {
                rowCodes[column] = grid.Code(row, column, weights[start + column]);
                // In steps: one code is 1.
                errors[column] = rowCodes[column] - grid.Position(row, column, weights[start + column]);
            }

            for (var column = 0; column < grid.Columns; column += grid.BlockSize)
            {
                var length = Math.Min(grid.BlockSize, grid.Columns - column);
                if (group > 1 && group < length && grid.BlockSize % group == 0)
                    for (var part = 0; part < length; part += group)
                        Balance(grid, rowCodes.Slice(column + part, group), errors.Slice(column + part, group));
                Balance(grid, rowCodes.Slice(column, length), errors.Slice(column, length));
            }
        }

        return codes;
    }

    private static void Balance(WeightGrid grid, Span<int> codes, Span<double> errors)
    {
        var sum = 0.0;
        foreach (var error in errors)
            sum += error;
        var direction = Math.Sign(sum);
        for (var flips = (int)Math.Round(Math.Abs(sum), MidpointRounding.ToEven); flips > 0; flips--)
        {
            var (chosen, largest) = (-1, 0.0);
            for (var i = 0; i < codes.Length; i++)
                if (errors[i] * direction > largest && codes[i] - direction >= grid.MinCode && codes[i] - direction <= grid.MaxCode)
                    (chosen, largest) = (i, errors[i] * direction);
            if (chosen < 0)
                return;
            codes[chosen] -= direction;
            errors[chosen] -= direction;
        }
    }
}
