namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>A form that <see cref="AlternatingLeastSquares"/> can fit, because it has a preconditioner.</summary>
internal interface IAlternating
{
    /// <summary>
    /// Returns an approximate inverse of the normal matrix for the weights of the first layer, given those of the second. It is symmetric and positive
    /// definite.
    /// </summary>
    /// <param name="metric">H [K, K].</param>
    /// <param name="second">S [N, F].</param>
    /// <param name="rank">The rank.</param>
    /// <param name="cancellationToken">Checked during the computation.</param>
    Func<double[], double[]> Preconditioner(double[] metric, double[] second, int rank, CancellationToken cancellationToken);
}
