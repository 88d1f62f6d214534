using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Randomness;

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

    // Of the rows of large layers, so many say which ridge is best; and as many probes how free they are.
    private const int Judged = 32;
    private const int Probes = 16;

    private static readonly double[] Ridges = [Weak, 1e-2, 3e-2, 1e-1, 3e-1, 1];

    /// <summary>The weights [N, K] that a layer answers best with.</summary>
    /// <param name="moments">What it sees and should answer; the sums of products are lost.</param>
    /// <param name="hasBias">Whether it has a bias, which then is the best one.</param>
    /// <param name="weights">The weights as they are [N, K].</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static float[] Solve(LayerMoments moments, bool hasBias, ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var loss = DenseLoss.Over(moments, hasBias);
        if (moments.Rows >= Abundant * moments.Inputs)
            return LeastSquares.Solve(loss, weights, Weak, cancellationToken);
        var best = (Ridge: Weak, Error: double.PositiveInfinity);
        // One after another in the same memory: of a large layer a factor takes as much as its moments.
        var factor = new double[loss.Hessian.Length];
        foreach (var ridge in Ridges)
        {
            var error = Error(moments, loss, weights, ridge, factor, cancellationToken);
            if (error < best.Error)
                best = (ridge, error);
        }

        return LeastSquares.Solve(loss, weights, best.Ridge, cancellationToken);
    }

    // Of some rows of the weights, with the degrees of freedom tr(H (H + λI)⁻¹) estimated by probes of ±1 (Hutchinson 1990): solving for all would cost many times as much.
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
