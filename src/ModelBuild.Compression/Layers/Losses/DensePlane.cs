using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Losses;

/// <summary>
/// Rounds weights column by column with the Cholesky factor of the matrix H, and compensates each error in later columns (<see cref="NearestPlane"/>).
/// </summary>
/// <param name="order">The order of the columns. The last one is rounded first.</param>
/// <param name="factor">The factor of H in that order.</param>
internal sealed class DensePlane(int[] order, Cholesky factor) : NearestPlane(order)
{
    /// <inheritdoc/>
    public override void Round(ReadOnlySpan<float> weights, int firstRow, int rows, bool[]? kept, IWeightCodes grid, Span<int> codes)
    {
        var columns = factor.Size;
        var errors = new double[rows * columns];
        Span<double> products = stackalloc double[Products.Together * Products.Tile];
        for (var end = columns; end > 0; end -= Products.Tile)
        {
            var first = Math.Max(0, end - Products.Tile);
            factor.UpperDots(errors, first, end, products);
            for (var i = 0; i < rows; i++)
            for (var j = end - 1; j >= first; j--)
            {
                var later = factor.Upper(j);
                var error = errors.AsSpan(i * columns, columns);
                var known = products[i * Products.Tile + j - first] + Products.Dot(later[1..(end - j)], error[(j + 1)..end]);
                error[j] = RoundOne(weights, firstRow + i, j, known / later[0], kept, grid, codes);
            }
        }
    }

    /// <inheritdoc/>
    protected override double Pivot(int place) => factor.Upper(place)[0] * factor.Upper(place)[0];
}
