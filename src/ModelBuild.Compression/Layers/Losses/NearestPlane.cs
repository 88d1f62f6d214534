using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Losses;

/// <summary>
/// Rounds one column after another, and compensates each error in the columns that are not rounded yet (Frantar et al. 2022, GPTQ, arXiv 2210.17323). With H
/// = L Lᵀ in the reverse of the rounding order, the loss of a row's errors d = w − ŵ is ‖Lᵀd‖². Rounding column j to the code nearest to w_j + Σ_{i after j}
/// L_ij d_i / L_jj gives the codes of the paper's algorithm without an inverse of H: Babai's nearest plane algorithm (Chen et al. 2025, arXiv 2507.18553).
/// </summary>
internal abstract class NearestPlane
{
    private readonly int[] _order;

    /// <param name="order">The order of the columns. The last one is rounded first.</param>
    protected NearestPlane(int[] order) => _order = order;

    /// <summary>Returns the factorization of H with which the weights of a layer are rounded.</summary>
    /// <param name="loss">The loss of the layer.</param>
    /// <param name="damping">The number that is added to H's diagonal, as a share of its mean.</param>
    /// <param name="actOrder">Whether the columns with the largest diagonal elements of H are rounded first.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static NearestPlane Of(LayerLoss loss, double damping, bool actOrder, CancellationToken cancellationToken)
    {
        NearestPlane Make()
        {
            // The order of columns starts with the column that is rounded last, because the column that is rounded first comes last in the order.
            var columns = Enumerable.Range(0, loss.Inputs).Reverse();
            return loss.Plane(actOrder ? [.. columns.OrderBy(loss.Curvature)] : [.. columns], damping * loss.MeanSquare, cancellationToken);
        }

        return loss.Planes is { } planes ? planes.Get((damping, actOrder), Make) : Make();
    }

    /// <summary>Returns the cost of a squared rounding error of each column, L_jj², after the compensation in all later columns.</summary>
    public double[] Importance()
    {
        var importance = new double[_order.Length];
        for (var j = 0; j < _order.Length; j++)
            importance[_order[j]] = Pivot(j);
        return importance;
    }

    /// <summary>Rounds up to <see cref="Products.Together"/> rows of weights to codes.</summary>
    /// <param name="weights">The weights [any, K].</param>
    /// <param name="firstRow">The index of the first row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="kept">Whether each weight may differ from zero; null for all.</param>
    /// <param name="grid">The values that weights can have.</param>
    /// <param name="codes">Receives the codes of the rows [any, K].</param>
    public abstract void Round(ReadOnlySpan<float> weights, int firstRow, int rows, bool[]? kept, IWeightCodes grid, Span<int> codes);

    /// <summary>Returns L_jj² of the column j at a position of the order, where L is the Cholesky factor of H.</summary>
    protected abstract double Pivot(int place);

    /// <summary>Rounds one weight to a code, after the errors of earlier columns were compensated in it.</summary>
    /// <param name="weights">The weights [any, K].</param>
    /// <param name="row">The row of the weight.</param>
    /// <param name="place">The position of the weight's column in the order.</param>
    /// <param name="shift">The compensation of errors in the columns that are already rounded: Σ L_ij d_i / L_jj.</param>
    /// <param name="kept">Whether each weight may differ from zero; null for all.</param>
    /// <param name="grid">The values that weights can have.</param>
    /// <param name="codes">Receives the code.</param>
    /// <returns>The error d of the weight.</returns>
    protected double RoundOne(ReadOnlySpan<float> weights, int row, int place, double shift, bool[]? kept, IWeightCodes grid, Span<int> codes)
    {
        var index = row * _order.Length + _order[place];
        var code = grid.Code(row, _order[place], kept is null || kept[index] ? weights[index] + shift : 0);
        codes[index] = code;
        return weights[index] - grid.Value(row, _order[place], code);
    }
}
