using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Rounds one column after another and lets the columns that are still free make good each one's error (<see cref="NearestPlane"/>).
/// The error's mean goes into the bias, where there is one. An input that never changes constrains nothing: its weights get the nearest code.
/// </summary>
/// <param name="damping">Added to H's diagonal, as a share of its mean.</param>
/// <param name="actOrder">Whether the columns whose inputs vary most are rounded first, while the most columns can still make good their errors.</param>
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
