using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Computes the best approximation Ŵ = A B of weights W with a given rank. For the error tr (Ŵ − W)H(Ŵ − W)ᵀ it is the truncated singular value decomposition
/// of W L with H = L Lᵀ (Eckart and Young 1936, after whitening). The code solves the symmetric eigenproblem of the smaller side.
/// </summary>
internal static class MatrixFit
{
    /// <summary>Returns the factors A [N, rank] with orthogonal columns and B [rank, K].</summary>
    public static (double[] A, double[] B) Fit(FactorTarget target, int rank, CancellationToken cancellationToken)
    {
        var (n, k) = (target.Outputs, target.Inputs);
        if (n <= k)
        {
            // If the number N of outputs is the smaller side, the columns of U are eigenvectors of W H Wᵀ, and the factors are A = U and B = Uᵀ W.
            var directions = new SymmetricEigen(Products.Transposed(target.Weighted(target.Weights), target.Weights, k), n, cancellationToken).Vectors(
                rank,
                cancellationToken
            );
            return (Matrix.Transpose<double>(directions, n), Products.Of(directions, target.Weights, n));
        }

        var turned = Matrix.Transpose<double>(target.Weights, k);
        var gram = Products.Transposed(turned, turned, n);
        if (target.Metric is not { } metric)
        {
            var inputs = new SymmetricEigen(gram, k, cancellationToken).Vectors(rank, cancellationToken);
            return (Products.Transposed(target.Weights, inputs, k), inputs);
        }

        // With the Cholesky factor L of the metric, the columns of V are the eigenvectors of Lᵀ Wᵀ W L, and the factors are A = W L V and B = Vᵀ L⁻¹.
        var cholesky = Cholesky.Factor(metric, k, damping: 0, cancellationToken);
        var upper = cholesky.Upper();
        var lower = Matrix.Transpose<double>(upper, k);
        var whitened = Products.Transposed(Products.Transposed(upper, gram, k), upper, k);
        var vectors = new SymmetricEigen(whitened, k, cancellationToken).Vectors(rank, cancellationToken);
        var spread = Products.Transposed(vectors, lower, k);
        var a = Products.Transposed(target.Weights, spread, k);
        cholesky.Solve(spread, cancellationToken);
        return (a, spread);
    }

    /// <summary>Returns the squares of the singular values of W L, where H = L Lᵀ is the metric, greatest first.</summary>
    public static double[] Energies(FactorTarget target, CancellationToken cancellationToken)
    {
        var (n, k) = (target.Outputs, target.Inputs);
        if (n <= k)
            return Positive(new SymmetricEigen(Products.Transposed(target.Weighted(target.Weights), target.Weights, k), n, cancellationToken).Values(n));
        var turned = Matrix.Transpose<double>(target.Weights, k);
        var gram = Products.Transposed(turned, turned, n);
        if (target.Metric is { } metric)
        {
            var upper = Cholesky.Factor(metric, k, damping: 0, cancellationToken).Upper();
            gram = Products.Transposed(Products.Transposed(upper, gram, k), upper, k);
        }

        return Positive(new SymmetricEigen(gram, k, cancellationToken).Values(k));
    }

    // Replaces negative eigenvalues by 0, because rounding can make eigenvalues slightly negative.
    private static double[] Positive(double[] values) => Array.ConvertAll(values, value => Math.Max(0, value));
}
