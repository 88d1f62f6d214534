using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Losses;

/// <summary>
/// Represents the error of a layer with fewer rows than inputs: H = Uᵀ U, where U holds the R rows of x divided by √R. Solvers then take time proportional to
/// min(R, K) instead of K. The ridge is solved in the space of the rows (Woodbury's identity), and rounding uses the factor of a low-rank matrix plus a
/// diagonal.
/// </summary>
internal sealed class RowsLoss : LayerLoss
{
    private readonly int _outputs;
    private readonly int _rows;

    // The inputs and targets of a layer with K inputs, N outputs and R rows. The first array is Uᵀ [K, R]. The second is y minus its mean if there is a bias,
    // divided by √R: [N, R].
    private readonly double[] _inputs;
    private readonly double[] _targets;
    private readonly int _firstOutput;
    private readonly OncePerKey<double, Kernel>? _kernels;

    // The factorizations of H, and the roundings based on them, that all losses for a part of the outputs share.
    private readonly OncePerKey<double, Kernel> _partKernels = new();
    private readonly OncePerKey<(double Damping, bool ActOrder), NearestPlane> _partPlanes = new();

    /// <summary>Initializes the loss with the sampled rows of a layer.</summary>
    /// <param name="seen">The rows.</param>
    /// <param name="moments">The means of the rows.</param>
    /// <param name="hasBias">Whether the layer has a bias, which is then assumed to be the best one.</param>
    public RowsLoss(LayerSample seen, LayerMoments moments, bool hasBias)
    {
        (Inputs, _outputs, _rows) = (seen.Inputs, seen.Outputs, seen.Rows);
        _inputs = ToColumns(seen.X, Inputs, hasBias ? moments.InputMean : null);
        _targets = ToColumns(seen.Y, _outputs, hasBias ? moments.TargetMean : null);
    }

    private RowsLoss(RowsLoss whole, int first, int count)
    {
        (Inputs, _rows, _inputs, _targets) = (whole.Inputs, whole._rows, whole._inputs, whole._targets);
        (_firstOutput, _outputs, _kernels, Planes) = (first, count, whole._partKernels, whole._partPlanes);
    }

    // The R input rows U [R, K] of a layer, and the Cholesky factor of U Uᵀ + λ I for one ridge λ.
    private sealed record Kernel(double[] ByRow, Cholesky Factor);

    /// <inheritdoc/>
    public override int Inputs { get; }

    /// <inheritdoc/>
    public override LayerLoss ForOutputs(int first, int count) => new RowsLoss(this, first, count);

    /// <inheritdoc/>
    public override double Curvature(int input) => Products.Dot(Input(input), Input(input));

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Cross(int row) => Products.Transposed(Target(row), _inputs, _rows);

    /// <inheritdoc/>
    public override double Row(int row, ReadOnlySpan<double> weights)
    {
        var errors = Combined(weights);
        TensorPrimitives.Subtract(errors, Target(row), errors);
        return Products.Dot(errors, errors);
    }

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> rows, Span<double> product)
    {
        for (var row = 0; row < rows.Length / Inputs; row++)
            Products.Transposed(Combined(rows.Slice(row * Inputs, Inputs)), _inputs, _rows, product.Slice(row * Inputs, Inputs));
    }

    /// <inheritdoc/>
    public override ErrorSlopes[] Slopes(ReadOnlySpan<double> errors)
    {
        var slopes = new ErrorSlopes[errors.Length / Inputs];
        for (var row = 0; row < slopes.Length; row++)
            slopes[row] = new RowsSlopes(this, Combined(errors.Slice(row * Inputs, Inputs)));
        return slopes;
    }

    /// <inheritdoc/>
    public override double[] BlockLosses(double[] current, double[][] candidates, int start, int length, double damping)
    {
        var outside = Combined(current);
        for (var i = start; i < start + length; i++)
            Products.AddScaled(-current[i], Input(i), outside);
        return Array.ConvertAll(
            candidates,
            errors =>
            {
                var inside = new double[_rows];
                var square = 0.0;
                for (var i = start; i < start + length; i++)
                {
                    Products.AddScaled(errors[i], Input(i), inside);
                    square += errors[i] * errors[i];
                }

                return Products.Dot(inside, inside) + 2 * Products.Dot(inside, outside) + damping * square;
            }
        );
    }

    /// <inheritdoc/>
    public override float[] Ridge(ReadOnlySpan<float> weights, double lambda, CancellationToken cancellationToken)
    {
        // The ridge solution is computed in the space of the rows: by Woodbury's identity, W' = W + (Y − W Uᵀ)(U Uᵀ + λ I)⁻¹ U.
        Kernel Make()
        {
            var turned = Matrix.Transpose<double>(_inputs, _rows);
            return new(turned, Cholesky.FactorOver(Products.Transposed(turned, turned, Inputs), _rows, lambda, cancellationToken));
        }

        var (byRow, kernel) = _kernels is null ? Make() : _kernels.Get(lambda, Make);
        var solution = weights.ToArray();
        for (var first = 0; first < _outputs; first += Products.Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Products.Together, _outputs - first);
            var some = new double[count * Inputs];
            for (var i = 0; i < some.Length; i++)
                some[i] = weights[first * Inputs + i];
            var errors = Products.Transposed(some, byRow, Inputs);
            for (var i = 0; i < errors.Length; i++)
                errors[i] = _targets[(_firstOutput + first) * _rows + i] - errors[i];
            kernel.Solve(errors, cancellationToken);
            var change = Products.Transposed(errors, _inputs, _rows);
            for (var i = 0; i < change.Length; i++)
                solution[first * Inputs + i] = (float)(some[i] + change[i]);
        }

        return solution;
    }

    /// <inheritdoc/>
    public override NearestPlane Plane(int[] order, double damping, CancellationToken cancellationToken) =>
        new LowRankPlane(order, _inputs, _rows, damping, cancellationToken);

    private Span<double> Input(int input) => _inputs.AsSpan(input * _rows, _rows);

    private ReadOnlySpan<double> Target(int row) => _targets.AsSpan((_firstOutput + row) * _rows, _rows);

    // Returns the outputs U v [R] of R input rows U for one row v of K weights.
    private double[] Combined(ReadOnlySpan<double> weights)
    {
        var sum = new double[_rows];
        for (var i = 0; i < Inputs; i++)
            if (weights[i] != 0)
                Products.AddScaled(weights[i], Input(i), sum);
        return sum;
    }

    // Transposes a matrix [rows, columns] to [columns, rows], subtracts the means of the columns and divides by √rows.
    private static double[] ToColumns(float[] values, int columns, double[]? means)
    {
        var rows = values.Length / columns;
        var scale = 1 / Math.Sqrt(rows);
        var turned = new double[values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            turned[column * rows + row] = scale * (values[row * columns + column] - (means is null ? 0 : means[column]));
        return turned;
    }

    private sealed class RowsSlopes(RowsLoss loss, double[] combined) : ErrorSlopes
    {
        public override double this[int input] => Products.Dot(loss.Input(input), combined);

        public override void Move(int input, double change) => Products.AddScaled(change, loss.Input(input), combined);
    }
}
