namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>What alternating least squares asks of a form besides its features.</summary>
internal interface IAlternating
{
    /// <summary>A map that comes near to solving for the first's weights, given the second's: symmetric and positive definite.</summary>
    /// <param name="metric">H [K, K].</param>
    /// <param name="second">S [N, F].</param>
    /// <param name="rank">The rank.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    Func<double[], double[]> Preconditioner(double[] metric, double[] second, int rank, CancellationToken cancellationToken);
}
