namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Solves the layer again on the inputs that the compressed model gives it, so that it makes good the errors of the layers before it:
/// min E‖W'x + b' − y‖² + λ‖W' − W‖², that is W' = (C + λ W)(H + λ I)⁻¹ with H and C of <see cref="LayerLoss"/> (He et al. 2017, Channel Pruning for Accelerating Very
/// Deep Neural Networks, section 3.1, with Tikhonov's pull towards the weights as they are). The grid follows from the new weights.
/// </summary>
/// <param name="ridge">λ as a share of the mean of H's diagonal: what few samples say weakly is left as it is.</param>
internal sealed class LeastSquares(double ridge = LeastSquares.DefaultRidge) : ILayerSolver
{
    /// <summary>A strong pull: what upstream errors do to the few directions in which inputs vary most is made good all the same, and few samples are not fitted.</summary>
    public const double DefaultRidge = 1;

    // Of conjugate gradients, where some weights are to stay zero.
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

    /// <summary>The weights W' [N, K] that a layer answers best with.</summary>
    /// <param name="loss">What it sees and should answer.</param>
    /// <param name="weights">W, towards which they are pulled.</param>
    /// <param name="ridge">How strongly, as a share of the mean of H's diagonal.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static float[] Solve(LayerLoss loss, ReadOnlySpan<float> weights, double ridge, CancellationToken cancellationToken) =>
        loss.Ridge(weights, ridge * loss.MeanSquare, cancellationToken);

    /// <summary>The same where some weights are zero, and stay so.</summary>
    /// <param name="loss">What the layer sees and should answer.</param>
    /// <param name="weights">W, towards which they are pulled.</param>
    /// <param name="kept">Which weights [N, K] may be other than zero; null for all.</param>
    /// <param name="ridge">How strongly, as a share of the mean of H's diagonal.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public static float[] Solve(LayerLoss loss, ReadOnlySpan<float> weights, bool[]? kept, double ridge, CancellationToken cancellationToken)
    {
        if (kept is null)
            return Solve(loss, weights, ridge, cancellationToken);
        var solution = weights.ToArray();
        new KeptWeights(loss, weights.ToArray(), ridge).Improve(solution, kept, MaxSteps, threads: 1, cancellationToken);
        return solution;
    }
}
