using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Solves least squares with a ridge towards the current weights. Of several ridges it takes the one with the least generalized cross-validation error
/// (Golub, Heath and Wahba 1979), loss / (1 − degrees of freedom / rows)². If there are many rows, it takes a weak ridge without a search.
/// </summary>
internal static class CrossValidatedRidge
{
    // The ridge that is used without a search if there are many rows, as a share of the mean of the diagonal of H.
    private const double Weak = 1e-3;

    // The number of rows per input from which overfitting is negligible, so that no ridge is searched for.
    private const long Abundant = 50;

    // The number of output rows that the error of a ridge is estimated with, and the number of random probes that estimate the degrees of freedom.
    private const int Judged = 32;
    private const int Probes = 16;

    // The candidates for the ridge, as shares of the mean of H's diagonal. Neighbouring candidates differ by about a factor of three.
    private static readonly double[] Ridges = [Weak, 1e-2, 3e-2, 1e-1, 3e-1, 1];

    /// <summary>Returns the weights [N, K] that minimize the squared error of a layer with the chosen ridge.</summary>
    /// <param name="moments">The moments of the layer's inputs and targets, whose sums of products are overwritten.</param>
    /// <param name="hasBias">Whether the layer has a bias, which is then assumed to be the best one.</param>
    /// <param name="weights">The current weights [N, K].</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static float[] Solve(LayerMoments moments, bool hasBias, ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var loss = DenseLoss.Over(moments, hasBias);
        if (moments.Rows >= Abundant * moments.Inputs)
            return LeastSquares.Solve(loss, weights, Weak, cancellationToken);
        var best = (Ridge: Weak, Error: double.PositiveInfinity);
        // The factorizations for all ridges use the same memory, because the factor of a large layer is as large as its moments.
        var factor = new double[loss.Hessian.Length];
        foreach (var ridge in Ridges)
        {
            var error = Error(moments, loss, weights, ridge, factor, cancellationToken);
            if (error < best.Error)
                best = (ridge, error);
        }

        return LeastSquares.Solve(loss, weights, best.Ridge, cancellationToken);
    }

    // Estimates the error of a ridge λ from some output rows, with the degrees of freedom tr(H (H + λI)⁻¹) from random probes of ±1 (Hutchinson 1990). Solving
    // for all rows would take many times as long.
    private static double Error(
        LayerMoments moments,
        DenseLoss loss,
        ReadOnlySpan<float> weights,
        double ridge,
        double[] factor,
        CancellationToken cancellationToken
    )
    {
        var (inputs, lambda) = (loss.Inputs, ridge * loss.MeanSquare);
        int[] rows =
        [
            .. Enumerable.Range(0, Math.Min(Judged, moments.Outputs)).Select(i => (int)((long)i * moments.Outputs / Math.Min(Judged, moments.Outputs))),
        ];
        var sides = new double[(rows.Length + Probes) * inputs];
        for (var i = 0; i < rows.Length; i++)
        for (var column = 0; column < inputs; column++)
            sides[i * inputs + column] = loss.Cross(rows[i])[column] + lambda * weights[rows[i] * inputs + column];
        var probes = Signs(Probes * inputs);
        probes.CopyTo(sides, rows.Length * inputs);
        loss.Hessian.AsSpan().CopyTo(factor);
        Cholesky.FactorOver(factor, inputs, lambda, cancellationToken).Solve(sides, cancellationToken);

        var error = rows.Select((row, i) => loss.Row(row, sides.AsSpan(i * inputs, inputs))).Sum();
        var trace = TensorPrimitives.Dot<double>(probes, sides.AsSpan(rows.Length * inputs)) / Probes;
        var left = 1 - (inputs - lambda * trace + 1) / moments.Rows;
        return left > 0 ? error / (left * left) : double.PositiveInfinity;
    }

    private static double[] Signs(int count)
    {
        var random = new SplitMix64(seed: 1);
        return [.. Enumerable.Range(0, count).Select(_ => random.Below(2) == 0 ? -1.0 : 1.0)];
    }
}
