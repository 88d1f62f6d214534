namespace ModelBuild.Compression.Layers.Grids;

/// <summary>
/// Rounds so that the errors of a block nearly sum to zero (SQuant: Guo et al. 2022). Each weight first gets its nearest code. Then the weights nearest to
/// the boundary between two codes get the other code, until the errors of the block sum to less than half a step. This needs no data and gains 3 to 7 dB for
/// inputs that are not centred around 0, as after Relu. Of equal weights the first changes.
/// </summary>
internal static class BalancedRounding
{
    /// <summary>Returns the codes of <paramref name="weights"/> on <paramref name="grid"/>.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="weights">The weights in row-major order.</param>
    /// <param name="group">The number of adjacent columns that are balanced first, such as a convolution's kernel; 1 for none.</param>
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
                // The rounding error of a weight is its code minus its exact position on the grid, so its unit is one step of the grid.
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
