using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Removes weights from a layer in rounds, more in the first than in the last (cubic schedule: Zhu and Gupta 2017, arXiv 1710.01878). Each round removes the
/// weights with the least cost w_i² / [H⁻¹]_ii, which is the error when all others compensate for it (optimal brain surgeon, Hassibi and Stork 1993;
/// SparseGPT, Frantar and Alistarh 2023, arXiv 2301.00774). The remaining weights of each output channel are then solved again by least squares. A removed
/// weight stays zero. H⁻¹ is the inverse for all columns: its diagonal changes less than the weights do, and an inverse for each output channel would take
/// the square of the number of columns more time.
/// </summary>
/// <param name="choice">The number or share of weights that are removed.</param>
/// <param name="threads">The number of output channels that are solved in parallel.</param>
internal sealed class Reconstruction(WeightChoice choice, int threads)
{
    private const int Rounds = 8;

    // The ridge λ prevents overfitting to few rows. As a share of the mean diagonal element of H, it is the larger of the first number and the second number
    // times the ratio of columns to rows.
    private const double MinRidge = 0.03;
    private const double FewRows = 0.01;

    // The largest and the smallest number of conjugate gradient steps in each round, and the factor by which the last round has more steps. Layers that are so
    // large that the steps would take minutes get fewer steps.
    private const int MaxSteps = 10;
    private const int MinSteps = 2;
    private const int LastSteps = 5;
    private const double StepWork = 2e9;

    /// <summary>Returns the solved weights [N, K], with zeros for the removed ones.</summary>
    /// <param name="weights">The present weights [N, K].</param>
    /// <param name="moments">The moments of the layer's inputs and target outputs. The method overwrites the sums of products.</param>
    /// <param name="hasBias">Whether the layer has a bias, which is then solved as well.</param>
    /// <param name="cancellationToken">Checked between rows.</param>
    public float[] Solve(float[] weights, LayerMoments moments, bool hasBias, CancellationToken cancellationToken)
    {
        var loss = DenseLoss.Over(moments, hasBias);
        var ridge = Math.Max(MinRidge, FewRows * moments.Inputs / moments.Rows);
        double[] saliency;
        // Memory is reserved for the factor of H, which is as large as H.
        using (new MemoryScope((long)loss.Inputs * loss.Inputs * sizeof(double)))
            saliency = Saliency(loss, ridge, cancellationToken);
        var (solver, result) = (new KeptWeights(loss, weights, ridge), weights.ToArray());
        var costs = new double[result.Length];
        var steps = (int)Math.Clamp(StepWork / ((double)weights.Length * loss.Inputs), MinSteps, MaxSteps);
        var kept = new bool[weights.Length];
        Array.Fill(kept, true);
        solver.Improve(result, kept, steps, threads, cancellationToken);
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < costs.Length; i++)
                costs[i] = (double)result[i] * result[i] * saliency[i % loss.Inputs];
            kept = choice.Kept(costs, 1 - Math.Pow(1 - (double)round / Rounds, 3));
            solver.Improve(result, kept, round < Rounds ? steps : LastSteps * steps, threads, cancellationToken);
        }

        return result;
    }

    private static double[] Saliency(DenseLoss loss, double ridge, CancellationToken cancellationToken)
    {
        var damping = ridge * loss.Scale;
        return Array.ConvertAll(
            Cholesky.Factor(loss.Hessian, loss.Inputs, damping, cancellationToken).InverseDiagonal(cancellationToken),
            inverse => 1 / inverse
        );
    }
}
