using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Rounds one column after another and lets the columns that are still free make good each one's error (Frantar et al. 2022, GPTQ, arXiv 2210.17323).
/// With H = L Lᵀ in the reverse of the rounding order, the loss of a row's errors d = w − ŵ is ‖Lᵀd‖², and rounding column j to the code nearest to
/// w_j + Σ_{i after j} L_ij d_i / L_jj gives the codes of the paper's algorithm without an inverse of H: Babai's nearest plane (Chen et al. 2025, arXiv 2507.18553).
/// </summary>
internal sealed class NearestPlane
{
    private readonly int[] _order;
    private readonly Cholesky _factor;

    /// <param name="loss">The layer's loss.</param>
    /// <param name="damping">Added to H's diagonal, as a share of its mean.</param>
    /// <param name="actOrder">Whether the columns whose inputs vary most are rounded first.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public NearestPlane(LayerLoss loss, double damping, bool actOrder, CancellationToken cancellationToken)
    {
        // The column that is rounded first comes last.
        var columns = Enumerable.Range(0, loss.Inputs).Reverse();
        _order = actOrder ? [.. columns.OrderBy(i => loss.Hessian[i * loss.Inputs + i])] : [.. columns];
        _factor = Cholesky.FactorOver(Permute(loss.Hessian, _order), loss.Inputs, damping * loss.MeanSquare, cancellationToken);
    }

    /// <summary>What a squared rounding error of each column costs after all later ones have made good what they can: L_jj².</summary>
    public double[] Importance()
    {
        var importance = new double[_order.Length];
        for (var j = 0; j < _order.Length; j++)
            importance[_order[j]] = _factor.Upper(j)[0] * _factor.Upper(j)[0];
        return importance;
    }

    /// <summary>Rounds up to <see cref="Products.Together"/> rows.</summary>
    /// <param name="weights">Weights [any, K].</param>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="kept">Which weights may be other than zero; null for all.</param>
    /// <param name="grid">The values that weights can take.</param>
    /// <param name="codes">Gets the rows' codes, [any, K].</param>
    public void Round(ReadOnlySpan<float> weights, int firstRow, int rows, bool[]? kept, IWeightCodes grid, Span<int> codes)
    {
        var columns = _order.Length;
        var errors = new double[rows * columns];
        Span<double> products = stackalloc double[Products.Together * Products.Tile];
        for (var end = columns; end > 0; end -= Products.Tile)
        {
            var first = Math.Max(0, end - Products.Tile);
            _factor.UpperDots(errors, first, end, products);
            for (var i = 0; i < rows; i++)
                for (var j = end - 1; j >= first; j--)
                {
                    var later = _factor.Upper(j);
                    var error = errors.AsSpan(i * columns, columns);
                    var place = (firstRow + i) * columns + _order[j];
                    var known = products[i * Products.Tile + j - first] + Products.Dot(later[1..(end - j)], error[(j + 1)..end]);
                    var code = grid.Code(firstRow + i, _order[j], kept is null || kept[place] ? weights[place] + known / later[0] : 0);
                    codes[place] = code;
                    error[j] = weights[place] - grid.Value(firstRow + i, _order[j], code);
                }
        }
    }

    private static double[] Permute(double[] matrix, int[] order)
    {
        var permuted = new double[matrix.Length];
        for (var i = 0; i < order.Length; i++)
            for (var j = 0; j <= i; j++)
                permuted[i * order.Length + j] = matrix[order[i] * order.Length + order[j]];
        return permuted;
    }
}
