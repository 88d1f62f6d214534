using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// Computes the best codebook values for given indices. The loss of a row is e H eᵀ with e = w − ŵ, and ŵ is linear in the values of the codebook. The values
/// are therefore the solution of one least-squares problem over all rows that share them, with one unknown for each value, damped towards the present values
/// (Van Baalen et al. 2024, GPTVQ, arXiv 2402.15319, section 3.3, solve it by gradient descent).
/// </summary>
internal sealed class CodebookRefit
{
    private const double Damping = 1e-3;

    private readonly int _size;
    private readonly double[] _normal;
    private readonly double[] _side;

    /// <param name="size">The number of values of the codebook.</param>
    public CodebookRefit(int size) => (_size, _normal, _side) = (size, new double[size * size], new double[size]);

    /// <summary>The loss of the added rows with the present values.</summary>
    public double Loss { get; private set; }

    /// <summary>Adds the loss of a row of weights to the problem.</summary>
    /// <param name="hessian">H [K, K], row-major.</param>
    /// <param name="errors">e, K elements.</param>
    /// <param name="codes">The indices, K elements.</param>
    public void Add(ReadOnlySpan<double> hessian, ReadOnlySpan<double> errors, ReadOnlySpan<int> codes)
    {
        var columns = codes.Length;
        for (var i = 0; i < columns; i++)
        {
            var curvature = hessian.Slice(i * columns, columns);
            var normal = _normal.AsSpan(codes[i] * _size, _size);
            for (var j = 0; j < columns; j++)
                normal[codes[j]] += curvature[j];
            var slope = TensorPrimitives.Dot(curvature, errors);
            _side[codes[i]] += slope;
            Loss += slope * errors[i];
        }
    }

    /// <summary>Adds the sums of another part of the rows.</summary>
    public void Add(CodebookRefit part)
    {
        TensorPrimitives.Add(_normal, part._normal, _normal);
        TensorPrimitives.Add<double>(_side, part._side, _side);
        Loss += part.Loss;
    }

    /// <summary>Returns the new values, in the order of the old ones, and the loss with the new values.</summary>
    /// <param name="values">The present values.</param>
    /// <param name="keepZero">Whether a value that is zero stays zero.</param>
    /// <param name="cancellationToken">Checked during the solution.</param>
    public (float[] Values, double Loss) Solve(float[] values, bool keepZero, CancellationToken cancellationToken)
    {
        var free = Enumerable.Range(0, _size).Where(i => !keepZero || values[i] != 0).ToArray();
        if (free.Length == 0)
            return (values, Loss);
        var matrix = new double[free.Length * free.Length];
        for (var i = 0; i < free.Length; i++)
        for (var j = 0; j < free.Length; j++)
            matrix[i * free.Length + j] = _normal[free[i] * _size + free[j]];
        var mean = 0.0;
        for (var i = 0; i < free.Length; i++)
            mean += matrix[i * free.Length + i] / free.Length;
        var side = Array.ConvertAll(free, i => _side[i]);
        var change = side.ToArray();
        Cholesky.Factor(matrix, free.Length, Damping * mean, cancellationToken).Solve(change, cancellationToken);

        var solved = values.ToArray();
        var loss = Loss;
        for (var i = 0; i < free.Length; i++)
        {
            solved[free[i]] += (float)change[i];
            loss += change[i] * (TensorPrimitives.Dot<double>(matrix.AsSpan(i * free.Length, free.Length), change) - 2 * side[i]);
        }

        return (solved, loss);
    }
}
