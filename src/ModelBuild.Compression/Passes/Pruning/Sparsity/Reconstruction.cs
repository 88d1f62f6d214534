using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>
/// Takes weights out of a layer in rounds, more in the first than in the last (cubic schedule: Zhu and Gupta 2017, arXiv 1710.01878). In each round those go whose loss costs least when all
/// others make good for it, w_i² / [H⁻¹]_ii (optimal brain surgeon, Hassibi and Stork 1993; SparseGPT, Frantar and Alistarh 2023, arXiv 2301.00774), and those that stay are solved
/// again by least squares, each output channel for itself. What has gone does not come back.
/// H⁻¹ is that of all columns: on the way its diagonal changes less than the weights do, and one for each output channel would cost the square of the columns more.
/// </summary>
/// <param name="choice">How many weights go.</param>
/// <param name="threads">Output channels that are solved side by side.</param>
internal sealed class Reconstruction(WeightChoice choice, int threads)
{
    private const int Rounds = 8;

    // Few rows are not fitted: λ as a share of H's mean diagonal, and what columns beyond the number of rows add to it.
    private const double LeastRidge = 0.03;
    private const double FewRows = 0.01;

    // Steps of conjugate gradients in each round, and how many times as many in the last; fewer for layers so large that they would take minutes.
    private const int MaxSteps = 10;
    private const int MinSteps = 2;
    private const int LastSteps = 5;
    private const double StepWork = 2e9;

    /// <summary>The weights [N, K], with zeros for those that went.</summary>
    /// <param name="weights">Those that are there [N, K].</param>
    /// <param name="moments">What the layer sees and should answer; the sums of products are lost.</param>
    /// <param name="hasBias">Whether it has a bias, which is then to be the best one.</param>
    /// <param name="cancellationToken">Checked between rows.</param>
    public float[] Solve(float[] weights, LayerMoments moments, bool hasBias, CancellationToken cancellationToken)
    {
        var loss = DenseLoss.Over(moments, hasBias);
        var ridge = Math.Max(LeastRidge, FewRows * moments.Inputs / moments.Rows);
        var saliency = Saliency(loss, ridge, cancellationToken);
        // The factor, which is as large as H.
        LargeModels.LetGo((long)loss.Inputs * loss.Inputs * sizeof(double));
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
