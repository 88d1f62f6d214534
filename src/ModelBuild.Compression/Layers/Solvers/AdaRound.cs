using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Learns for each weight whether to round up or down (Nagel et al. 2020, Up or Down? Adaptive Rounding for Post-Training Quantization, arXiv 2004.10568): ŵ
/// = s (clip(⌊w/s⌋ + h(v)) − z) with the rectified sigmoid h(v) = clip(1.2 σ(v) − 0.1, 0, 1). Gradient descent minimizes (w − ŵ) H (w − ŵ)ᵀ + λ Σ (1 − |2h −
/// 1|^β). After a start without the second term, β falls from 20 to 2, so that h ends at 0 or 1. H covers all samples, so that there are no batches and no
/// randomness. A row whose previous codes have a smaller loss keeps them. The bias compensates the mean error if the layer has one.
/// </summary>
/// <param name="iterations">The number of iterations of the descent.</param>
/// <param name="damping">The number that is added to H's diagonal, as a share of its mean.</param>
internal sealed class AdaRound(int iterations = 1000, double damping = 0.01) : ILayerSolver
{
    // The number of weight rows that share one pass over the matrix H and fit into the CPU cache.
    private const int Together = 16;

    // The schedule of the descent in the paper about AdaRound: the share of iterations without the rounding term, and the first and last exponent β of this
    // term.
    private const double WarmStart = 0.2;
    private const double FirstBeta = 20;
    private const double LastBeta = 2;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var columns = problem.Inputs;
        var loss = problem.Loss;
        // The loss is divided by the mean of H's diagonal, so that the learning rate need not depend on the layer.
        var unit = loss.Scale;
        var codes = problem.Codes ?? problem.Grid.Round(problem.Weights);
        for (var first = 0; first < problem.Outputs; first += Together)
        {
            var rows = Enumerable.Range(first, Math.Min(Together, problem.Outputs - first)).Select(row => new AdaRoundRow(problem, row)).ToArray();
            for (var iteration = 0; iteration < iterations; iteration++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var progress = (iteration / (double)iterations - WarmStart) / (1 - WarmStart);
                var beta = progress < 0 ? (double?)null : LastBeta + (FirstBeta - LastBeta) * (1 + Math.Cos(Math.PI * progress)) / 2;
                Multiply(loss, unit, rows);
                foreach (var row in rows)
                    row.Step(beta, iteration);
            }

            foreach (var row in rows)
            {
                var before = codes.AsSpan(row.Index * columns, columns);
                var after = row.Codes();
                if (Loss(loss, unit, row.Errors(after)) < Loss(loss, unit, row.Errors(before)))
                    after.CopyTo(before);
            }
        }

        problem.Codes = codes;
        BiasCorrection.Apply(problem);
    }

    private void Multiply(LayerLoss loss, double unit, AdaRoundRow[] rows)
    {
        var columns = loss.Inputs;
        double[] errors = [.. rows.SelectMany(row => row.Error).Select(error => (double)error)];
        var slopes = new double[errors.Length];
        loss.Multiply(errors, slopes);
        for (var i = 0; i < slopes.Length; i++)
            rows[i / columns].Slope[i % columns] = (float)(slopes[i] / unit + damping * errors[i]);
    }

    private double Loss(LayerLoss loss, double unit, float[] errors)
    {
        var values = Array.ConvertAll(errors, error => (double)error);
        var slopes = new double[values.Length];
        loss.Multiply(values, slopes);
        return Products.Dot(values, slopes) / unit + damping * Products.Dot(values, values);
    }
}
