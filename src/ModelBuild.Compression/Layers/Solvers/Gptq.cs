using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Rounds one column after another, and compensates each error in the columns that are not rounded yet (<see cref="NearestPlane"/>). The bias compensates the
/// mean error if the layer has one. The weights of a constant input get the nearest codes, because such an input does not contribute to H.
/// </summary>
/// <param name="damping">The number that is added to H's diagonal, as a share of its mean.</param>
/// <param name="actOrder">
/// Whether the columns with the largest diagonal elements of H are rounded first, while most other columns can still compensate their errors.
/// </param>
internal sealed class Gptq(double damping = 0.01, bool actOrder = true) : ILayerSolver
{
    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var plane = NearestPlane.Of(problem.Loss, damping, actOrder, cancellationToken);
        var codes = new int[problem.Weights.Length];
        for (var first = 0; first < problem.Outputs; first += Products.Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            plane.Round(problem.Weights, first, Math.Min(Products.Together, problem.Outputs - first), problem.Kept, problem.Grid, codes);
        }

        problem.Codes = codes;
        BiasCorrection.Apply(problem);
    }
}
