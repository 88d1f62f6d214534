using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Least squares with as strong a pull towards the weights as they are as the number of samples asks for: of several, the one with the least generalized cross-validation error
/// (Golub, Heath and Wahba 1979), loss / (1 − degrees of freedom / rows)². Where rows abound, a weak one is taken without a search.
/// </summary>
internal static class CrossValidatedRidge
{
    private const double Weak = 1e-3;

    // With so many rows for each input, there is nothing to overfit.
    private const long Abundant = 50;

    private static readonly double[] Ridges = [Weak, 1e-2, 3e-2, 1e-1, 3e-1, 1];

    /// <summary>The weights [N, K] that a layer answers best with.</summary>
    /// <param name="moments">What it sees and should answer.</param>
    /// <param name="hasBias">Whether it has a bias, which then is the best one.</param>
    /// <param name="weights">The weights as they are [N, K].</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static float[] Solve(LayerMoments moments, bool hasBias, ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var loss = LayerLoss.Of(moments, hasBias);
        if (moments.Rows >= Abundant * moments.Inputs)
            return LeastSquares.Solve(loss, weights, Weak, cancellationToken);
        var best = (Weights: weights.ToArray(), Error: double.PositiveInfinity);
        foreach (var ridge in Ridges)
        {
            var solution = LeastSquares.Solve(loss, weights, ridge, cancellationToken);
            var left = 1 - DegreesOfFreedom(loss, ridge, cancellationToken) / moments.Rows;
            var error = left > 0 ? Total(loss, solution, moments.Outputs) / (left * left) : double.PositiveInfinity;
            if (error < best.Error)
                best = (solution, error);
        }

        return best.Weights;
    }

    // tr(H (H + λI)⁻¹), and one for the bias.
    private static double DegreesOfFreedom(LayerLoss loss, double ridge, CancellationToken cancellationToken)
    {
        var lambda = ridge * loss.MeanSquare;
        var trace = Cholesky.Factor(loss.Hessian, loss.Inputs, lambda, cancellationToken).InverseDiagonal(cancellationToken).Sum();
        return loss.Inputs - lambda * trace + 1;
    }

    private static double Total(LayerLoss loss, float[] weights, int outputs)
    {
        var total = 0.0;
        for (var row = 0; row < outputs; row++)
            total += loss.Row(row, Array.ConvertAll(weights[(row * loss.Inputs)..((row + 1) * loss.Inputs)], weight => (double)weight));
        return total;
    }
}
