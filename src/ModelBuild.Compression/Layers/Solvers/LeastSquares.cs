using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Solves a layer on the inputs that the compressed model computes, so that it compensates the errors of earlier layers: min E‖W'x + b' − y‖² + λ‖W' − W‖²,
/// that is W' = (C + λ W)(H + λ I)⁻¹ with H and C of <see cref="LayerLoss"/> (He et al. 2017, Channel Pruning for Accelerating Very Deep Neural Networks,
/// section 3.1, with a Tikhonov term towards the current weights). The grid is fitted to the new weights.
/// </summary>
/// <param name="ridge">The ridge λ as a share of the mean of H's diagonal. It keeps weights that few samples determine.</param>
internal sealed class LeastSquares(double ridge = LeastSquares.DefaultRidge) : ILayerSolver
{
    /// <summary>
    /// The default ridge is strong: it still compensates earlier errors in the few directions in which inputs vary most, and does not overfit few samples.
    /// </summary>
    public const double DefaultRidge = 1;

    // The largest number of iterations of conjugate gradients, which solve layers with pruned weights.
    private const int MaxSteps = 100;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var loss = problem.Loss;
        problem.Weights = Solve(loss, problem.Weights, problem.Kept, ridge, cancellationToken);
        problem.Grid = problem.GridRule.Fit(problem.Weights, problem.Outputs, problem.Inputs);
        problem.Codes = null;
        BiasCorrection.Apply(problem);
    }

    /// <summary>Returns the weights W' [N, K] with the least error.</summary>
    /// <param name="loss">The loss of the layer.</param>
    /// <param name="weights">The weights W, which the ridge draws the solution to.</param>
    /// <param name="ridge">The ridge λ as a share of the mean of H's diagonal.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static float[] Solve(LayerLoss loss, ReadOnlySpan<float> weights, double ridge, CancellationToken cancellationToken) =>
        loss.Ridge(weights, ridge * loss.MeanSquare, cancellationToken);

    /// <summary>Returns the weights W' [N, K] with the least error, with pruned weights left zero.</summary>
    /// <param name="loss">The loss of the layer.</param>
    /// <param name="weights">The weights W, which the ridge draws the solution to.</param>
    /// <param name="kept">Whether each weight [N, K] may differ from zero; null for all.</param>
    /// <param name="ridge">The ridge λ as a share of the mean of H's diagonal.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static float[] Solve(LayerLoss loss, ReadOnlySpan<float> weights, bool[]? kept, double ridge, CancellationToken cancellationToken)
    {
        if (kept is null)
            return Solve(loss, weights, ridge, cancellationToken);
        var solution = weights.ToArray();
        new KeptWeights(loss, weights.ToArray(), ridge).Improve(solution, kept, MaxSteps, threads: 1, cancellationToken);
        return solution;
    }
}
