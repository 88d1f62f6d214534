using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Learns for each weight whether it is rounded up or down (Nagel et al. 2020, Up or Down? Adaptive Rounding for Post-Training Quantization, arXiv 2004.10568):
/// ŵ = s (clip(⌊w/s⌋ + h(v)) − z) with the rectified sigmoid h(v) = clip(1.2 σ(v) − 0.1, 0, 1), by gradient descent on (w − ŵ) H (w − ŵ)ᵀ + λ Σ (1 − |2h − 1|^β),
/// where β falls from 20 to 2 after a start without the second term, so that h ends at 0 or 1. H stands for all samples at once: no batches, no chance.
/// A row whose codes were better before keeps them. The error's mean goes into the bias, where there is one.
/// </summary>
/// <param name="iterations">Steps of the descent.</param>
/// <param name="damping">Added to H's diagonal, as a share of its mean.</param>
internal sealed class AdaRound(int iterations = 1000, double damping = 0.01) : ILayerSolver
{
    // Rows that share one walk over H while they stay in the processor's cache.
    private const int Together = 16;
    private const double WarmStart = 0.2;
    private const double FirstBeta = 20;
    private const double LastBeta = 2;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var columns = problem.Inputs;
        var hessian = Normalized(problem.Loss);
        var codes = problem.Codes ?? problem.Grid.Round(problem.Weights);
        for (var first = 0; first < problem.Outputs; first += Together)
        {
            var rows = Enumerable.Range(first, Math.Min(Together, problem.Outputs - first)).Select(row => new AdaRoundRow(problem, row)).ToArray();
            for (var iteration = 0; iteration < iterations; iteration++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var progress = (iteration / (double)iterations - WarmStart) / (1 - WarmStart);
                var beta = progress < 0 ? (double?)null : LastBeta + (FirstBeta - LastBeta) * (1 + Math.Cos(Math.PI * progress)) / 2;
                Multiply(hessian, rows);
                foreach (var row in rows)
                    row.Step(beta, iteration);
            }

            foreach (var row in rows)
            {
                var before = codes.AsSpan(row.Index * columns, columns);
                var after = row.Codes();
                if (Loss(hessian, row.Errors(after)) < Loss(hessian, row.Errors(before)))
                    after.CopyTo(before);
            }
        }

        problem.Codes = codes;
        BiasCorrection.Apply(problem);
    }

    // (H + damping) in units of H's mean diagonal: the steps of the descent need no other measure.
    private float[] Normalized(LayerLoss loss)
    {
        var mean = loss.MeanSquare > 0 ? loss.MeanSquare : 1;
        var hessian = Array.ConvertAll(loss.Hessian, value => (float)(value / mean));
        for (var i = 0; i < loss.Inputs; i++)
            hessian[i * loss.Inputs + i] += (float)damping;
        return hessian;
    }

    private static void Multiply(float[] hessian, AdaRoundRow[] rows)
    {
        var columns = rows[0].Error.Length;
        for (var i = 0; i < columns; i++)
            foreach (var row in rows)
                row.Slope[i] = TensorPrimitives.Dot(hessian.AsSpan(i * columns, columns), row.Error);
    }

    private static double Loss(float[] hessian, float[] errors)
    {
        var loss = 0.0;
        for (var i = 0; i < errors.Length; i++)
            loss += errors[i] * (double)TensorPrimitives.Dot(hessian.AsSpan(i * errors.Length, errors.Length), errors);
        return loss;
    }
}
