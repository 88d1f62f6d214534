using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// The best values for given indices. A row's loss is e H eᵀ with e = w − ŵ, and ŵ is linear in the codebook's values: one least-squares problem of as many unknowns as there are
/// values, over all rows that share them, damped towards the values as they are (what Van Baalen et al. 2024, GPTVQ, arXiv 2402.15319, section 3.3, find by gradient descent).
/// </summary>
internal sealed class CodebookRefit
{
    private const double Damping = 1e-3;

    private readonly int _size;
    private readonly double[] _normal;
    private readonly double[] _side;

    /// <param name="size">How many values the codebook has.</param>
    public CodebookRefit(int size) => (_size, _normal, _side) = (size, new double[size * size], new double[size]);

    /// <summary>The loss of the rows that were added, with the values as they were.</summary>
    public double Loss { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="hessian">H [K, K].</param>
    /// <param name="errors">e, K numbers.</param>
    /// <param name="codes">The indices, K numbers.</param>
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

    /// <summary>Adds the rows of another part.</summary>
    public void Add(CodebookRefit part)
    {
        TensorPrimitives.Add(_normal, part._normal, _normal);
        TensorPrimitives.Add<double>(_side, part._side, _side);
        Loss += part.Loss;
    }

    /// <summary>The new values, in the order of the old ones, and the loss that they leave.</summary>
    /// <param name="values">The values as they were.</param>
    /// <param name="keepZero">Whether a zero among them stays zero.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
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
