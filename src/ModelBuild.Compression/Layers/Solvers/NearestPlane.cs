using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Rounds one column after another and lets the columns that are still free make good each one's error (Frantar et al. 2022, GPTQ, arXiv 2210.17323).
/// With H = L Lᵀ in the reverse of the rounding order, the loss of a row's errors d = w − ŵ is ‖Lᵀd‖², and rounding column j to the code nearest to
/// w_j + Σ_{i after j} L_ij d_i / L_jj gives the codes of the paper's algorithm without an inverse of H: Babai's nearest plane (Chen et al. 2025, arXiv 2507.18553).
/// </summary>
internal abstract class NearestPlane
{
    private readonly int[] _order;

    /// <param name="order">The columns; the last is rounded first.</param>
    protected NearestPlane(int[] order) => _order = order;

    /// <summary>The plane of a loss.</summary>
    /// <param name="loss">The layer's loss.</param>
    /// <param name="damping">Added to H's diagonal, as a share of its mean.</param>
    /// <param name="actOrder">Whether the columns whose inputs vary most are rounded first.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static NearestPlane Of(LayerLoss loss, double damping, bool actOrder, CancellationToken cancellationToken)
    {
        NearestPlane Make()
        {
            // The column that is rounded first comes last.
            var columns = Enumerable.Range(0, loss.Inputs).Reverse();
            return loss.Plane(actOrder ? [.. columns.OrderBy(loss.Curvature)] : [.. columns], damping * loss.MeanSquare, cancellationToken);
        }

        return loss.Planes is { } planes ? planes.Get((damping, actOrder), Make) : Make();
    }

    /// <summary>What a squared rounding error of each column costs after all later ones have made good what they can: L_jj².</summary>
    public double[] Importance()
    {
        var importance = new double[_order.Length];
        for (var j = 0; j < _order.Length; j++)
            importance[_order[j]] = Pivot(j);
        return importance;
    }

    /// <summary>Rounds up to <see cref="Products.Together"/> rows.</summary>
    /// <param name="weights">Weights [any, K].</param>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="kept">Which weights may be other than zero; null for all.</param>
    /// <param name="grid">The values that weights can take.</param>
    /// <param name="codes">Gets the rows' codes, [any, K].</param>
    public abstract void Round(ReadOnlySpan<float> weights, int firstRow, int rows, bool[]? kept, IWeightCodes grid, Span<int> codes);

    /// <summary>L_jj² of a column by its place in the order.</summary>
    protected abstract double Pivot(int place);

    /// <summary>Rounds one weight.</summary>
    /// <param name="weights">Weights [any, K].</param>
    /// <param name="row">The weight's row.</param>
    /// <param name="place">Its column's place in the order.</param>
    /// <param name="shift">What the columns that were rounded before ask of it: Σ L_ij d_i / L_jj.</param>
    /// <param name="kept">Which weights may be other than zero; null for all.</param>
    /// <param name="grid">The values that weights can take.</param>
    /// <param name="codes">Gets the code.</param>
    /// <returns>The weight's error d.</returns>
    protected double RoundOne(ReadOnlySpan<float> weights, int row, int place, double shift, bool[]? kept, IWeightCodes grid, Span<int> codes)
    {
        var index = row * _order.Length + _order[place];
        var code = grid.Code(row, _order[place], kept is null || kept[index] ? weights[index] + shift : 0);
        codes[index] = code;
        return weights[index] - grid.Value(row, _order[place], code);
    }
}
