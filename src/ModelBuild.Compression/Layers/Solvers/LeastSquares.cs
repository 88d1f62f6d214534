using ModelBuild.Compression.Layers.LinearAlgebra;

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

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var loss = LayerLoss.Of(problem);
        var lambda = ridge * loss.MeanSquare;
        var solution = new double[problem.Weights.Length];
        for (var i = 0; i < solution.Length; i++)
            solution[i] = loss.Cross[i] + lambda * problem.Weights[i];
        Cholesky.Factor(loss.Hessian, problem.Inputs, lambda, cancellationToken).Solve(solution, cancellationToken);

        problem.Weights = Array.ConvertAll(solution, weight => (float)weight);
        problem.Grid = problem.GridRule.Fit(problem.Weights, problem.Outputs, problem.Inputs);
        problem.Codes = null;
        BiasCorrection.Apply(problem);
    }
}
