using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Losses;

/// <summary>Represents the squared error of a layer as a quadratic form of its weights with the matrix H [K, K], where K is the number of inputs.</summary>
internal sealed class DenseLoss : LayerLoss
{
    private readonly double[] _cross;
    private readonly int _firstOutput;
    private readonly OncePerKey<double, Cholesky>? _factors;

    // The factorizations of H, and the roundings based on them, that all losses for a part of the outputs share.
    private readonly OncePerKey<double, Cholesky> _partFactors = new();
    private readonly OncePerKey<(double Damping, bool ActOrder), NearestPlane> _partPlanes = new();

    private DenseLoss(int inputs, double[] hessian, double[] cross, double[] targetSquare) =>
        (Inputs, Hessian, _cross, TargetSquare) = (inputs, hessian, cross, targetSquare);

    private DenseLoss(DenseLoss whole, int first, int count)
        : this(whole.Inputs, whole.Hessian, whole._cross, whole.TargetSquare[first..(first + count)]) =>
        (_firstOutput, _factors, Planes) = (first, whole._partFactors, whole._partPlanes);

    /// <inheritdoc/>
    public override int Inputs { get; }

    /// <summary>The matrix H [K, K] of the quadratic form: the covariance of the inputs x, or E[x xᵀ] when the layer has no bias.</summary>
    public double[] Hessian { get; }

    /// <summary>The variance of the targets y, or E[y²] when the layer has no bias: N numbers.</summary>
    public double[] TargetSquare { get; }

    /// <summary>Returns the error of a layer as a quadratic form of its weights.</summary>
    /// <param name="moments">The moments of the layer's inputs and targets.</param>
    /// <param name="hasBias">Whether the layer has a bias, which is then assumed to be the best one.</param>
    public static DenseLoss Of(LayerMoments moments, bool hasBias)
    {
        var dense = moments.Dense();
        return Over(hasBias && ReferenceEquals(dense, moments) ? dense with { Gram = [.. dense.Gram], Cross = [.. dense.Cross] } : dense, hasBias);
    }

    /// <summary>
    /// Returns the quadratic form of a layer's error as <see cref="Of"/> does, but overwrites the sums of products, because a copy may be as large as all
    /// weights.
    /// </summary>
    public static DenseLoss Over(LayerMoments moments, bool hasBias)
    {
        moments = moments.Dense();
        if (!hasBias)
            return new DenseLoss(moments.Inputs, moments.Gram, moments.Cross, moments.TargetSquare);

        Centre(moments.Gram, moments.InputMean, moments.InputMean);
        Centre(moments.Cross, moments.TargetMean, moments.InputMean);
        return new DenseLoss(moments.Inputs, moments.Gram, moments.Cross, moments.TargetVariance());
    }

    /// <inheritdoc/>
    public override LayerLoss ForOutputs(int first, int count) => new DenseLoss(this, first, count);

    /// <inheritdoc/>
    public override double Curvature(int input) => Hessian[input * Inputs + input];

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Cross(int row) => _cross.AsSpan((_firstOutput + row) * Inputs, Inputs);

    /// <inheritdoc/>
    public override double Row(int row, ReadOnlySpan<double> weights)
    {
        // Computes the mean squared error of a row as a quadratic form. H is symmetric, so that its lower triangle counts twice and the diagonal once.
        var error = TargetSquare[row];
        var cross = Cross(row);
        for (var i = 0; i < Inputs; i++)
        {
            var below = TensorPrimitives.Dot(Hessian.AsSpan(i * Inputs, i), weights[..i]);
            error += weights[i] * (2 * (below - cross[i]) + Hessian[i * Inputs + i] * weights[i]);
        }

        return Math.Max(0, error);
    }

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<double> rows, Span<double> product) => Products.Transposed(rows, Hessian, Inputs, product);

    /// <inheritdoc/>
    public override ErrorSlopes[] Slopes(ReadOnlySpan<double> errors)
    {
        var slopes = Products.Transposed(errors, Hessian, Inputs);
        return [.. Enumerable.Range(0, slopes.Length / Inputs).Select(row => new MatrixSlopes(Hessian, slopes.AsMemory(row * Inputs, Inputs)))];
    }

    /// <inheritdoc/>
    public override double[] BlockLosses(double[] current, double[][] candidates, int start, int length, double damping)
    {
        // The part of the loss that depends on the errors e of a block of columns is Σ_i e_i (2 Σ_{j outside} H_ij d_j + 2 Σ_{j < i} H_ij e_j + H_ii e_i).
        var losses = new double[candidates.Length];
        for (var i = start; i < start + length; i++)
        {
            var row = Hessian.AsSpan(i * Inputs, Inputs);
            var outside =
                TensorPrimitives.Dot<double>(row[..start], current.AsSpan(0, start))
                + TensorPrimitives.Dot<double>(row[(start + length)..], current.AsSpan(start + length));
            for (var candidate = 0; candidate < losses.Length; candidate++)
            {
                var errors = candidates[candidate];
                var inside = TensorPrimitives.Dot<double>(row[start..i], errors.AsSpan(start, i - start));
                losses[candidate] += errors[i] * (2 * (outside + inside) + (row[i] + damping) * errors[i]);
            }
        }

        return losses;
    }

    /// <inheritdoc/>
    public override float[] Ridge(ReadOnlySpan<float> weights, double lambda, CancellationToken cancellationToken)
    {
        Cholesky Factor() => Cholesky.Factor(Hessian, Inputs, lambda, cancellationToken);
        var solution = new double[weights.Length];
        var cross = _cross.AsSpan(_firstOutput * Inputs, solution.Length);
        for (var i = 0; i < solution.Length; i++)
            solution[i] = cross[i] + lambda * weights[i];
        (_factors is null ? Factor() : _factors.Get(lambda, Factor)).Solve(solution, cancellationToken);
        return Array.ConvertAll(solution, weight => (float)weight);
    }

    /// <inheritdoc/>
    public override NearestPlane Plane(int[] order, double damping, CancellationToken cancellationToken)
    {
        var permuted = new double[Hessian.Length];
        for (var i = 0; i < order.Length; i++)
        for (var j = 0; j <= i; j++)
            permuted[i * order.Length + j] = Hessian[order[i] * order.Length + order[j]];
        return new DensePlane(order, Cholesky.FactorOver(permuted, Inputs, damping, cancellationToken));
    }

    private static void Centre(double[] products, double[] left, double[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var row = products.AsSpan(i * right.Length, right.Length);
            TensorPrimitives.MultiplyAdd(right, -left[i], row, row);
        }
    }

    private sealed class MatrixSlopes(double[] hessian, Memory<double> slopes) : ErrorSlopes
    {
        public override double this[int input] => slopes.Span[input];

        public override void Move(int input, double change) =>
            TensorPrimitives.MultiplyAdd(hessian.AsSpan(input * slopes.Length, slopes.Length), change, slopes.Span, slopes.Span);
    }
}
