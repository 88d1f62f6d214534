using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Losses;

/// <summary>
/// Rounds with the factor of H + λI = λI + Σ u_i u_jᵀ, where each column has a vector u_j of R numbers and R is less than the number of columns. The factor
/// is not stored. M is I before the first column, p_j = M u_j and d_j = λ + u_j·p_j. Each column subtracts p_j p_jᵀ / d_j from M, and L_ij / L_jj = u_i·p_j /
/// d_j for i after j. Rounding a column needs only the sum Σ d_i u_i over the columns that are already rounded.
/// </summary>
internal sealed class LowRankPlane : NearestPlane
{
    // A pivot of the factorization counts as zero if it is below this share of its diagonal element, because it then consists of rounding errors.
    private const double Noise = 1e-12;

    private readonly int[] _order;
    private readonly double[] _vectors;
    private readonly double[] _shifts;
    private readonly double[] _pivots;
    private readonly int _rank;

    /// <param name="order">The order of the columns. The last one is rounded first.</param>
    /// <param name="vectors">The vectors u of the columns [columns, R].</param>
    /// <param name="rank">The number R of elements of a vector.</param>
    /// <param name="damping">The damping λ.</param>
    /// <param name="cancellationToken">Checked between columns.</param>
    public LowRankPlane(int[] order, double[] vectors, int rank, double damping, CancellationToken cancellationToken)
        : base(order)
    {
        (_order, _vectors, _rank) = (order, vectors, rank);
        (_shifts, _pivots) = (new double[vectors.Length], new double[order.Length]);
        var rest = new double[rank * rank];
        for (var i = 0; i < rank; i++)
            rest[i * rank + i] = 1;
        for (var place = 0; place < order.Length; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var vector = Vector(place);
            var shift = _shifts.AsSpan(place * rank, rank);
            Products.Transposed(vector, rest, rank, shift);
            var square = Products.Dot(vector, vector);
            var pivot = Math.Max(Math.Max(0, Products.Dot(vector, shift)) + damping, Noise * (square + damping));
            _pivots[place] = pivot;
            if (pivot <= 0)
                continue;
            for (var row = 0; row < rank; row++)
                Products.AddScaled(-shift[row] / pivot, shift, rest.AsSpan(row * rank, rank));
            foreach (ref var value in shift)
                value /= pivot;
        }
    }

    /// <inheritdoc/>
    public override void Round(ReadOnlySpan<float> weights, int firstRow, int rows, bool[]? kept, IWeightCodes grid, Span<int> codes)
    {
        var sums = new double[rows * _rank];
        for (var place = _order.Length - 1; place >= 0; place--)
        {
            var vector = Vector(place);
            var shift = _shifts.AsSpan(place * _rank, _rank);
            for (var row = 0; row < rows; row++)
            {
                var sum = sums.AsSpan(row * _rank, _rank);
                var error = RoundOne(weights, firstRow + row, place, Products.Dot(shift, sum), kept, grid, codes);
                Products.AddScaled(error, vector, sum);
            }
        }
    }

    /// <inheritdoc/>
    protected override double Pivot(int place) => _pivots[place];

    private ReadOnlySpan<double> Vector(int place) => _vectors.AsSpan(_order[place] * _rank, _rank);
}
