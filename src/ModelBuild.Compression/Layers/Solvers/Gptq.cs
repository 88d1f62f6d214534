using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Rounds one column after another and lets the columns that are still free make good each one's error (Frantar et al. 2022, GPTQ, arXiv 2210.17323).
/// With H = L Lᵀ in the reverse of the rounding order, the loss of a row's errors d = w − ŵ is ‖Lᵀd‖², and rounding column j to the code nearest to
/// w_j + Σ_{i after j} L_ij d_i / L_jj gives the codes of the paper's algorithm without an inverse of H: Babai's nearest plane (Chen et al. 2025, arXiv 2507.18553).
/// The error's mean goes into the bias, where there is one. An input that never changes constrains nothing: its weights get the nearest code.
/// </summary>
/// <param name="damping">Added to H's diagonal, as a share of its mean.</param>
/// <param name="actOrder">Whether the columns whose inputs vary most are rounded first, while the most columns can still make good their errors.</param>
internal sealed class Gptq(double damping = 0.01, bool actOrder = true) : ILayerSolver
{
    // Rows that share one walk over L while their errors stay in the processor's cache.
    private const int Together = 16;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var columns = problem.Inputs;
        var loss = LayerLoss.Of(problem);
        var order = Order(loss);
        var factor = Cholesky.FactorOver(Permute(loss.Hessian, order), columns, damping * loss.MeanSquare, cancellationToken);

        var codes = new int[problem.Weights.Length];
        var errors = new double[Together * columns];
        for (var first = 0; first < problem.Outputs; first += Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = columns - 1; j >= 0; j--)
            {
                var later = factor.Upper(j);
                var column = order[j];
                for (var row = first; row < Math.Min(first + Together, problem.Outputs); row++)
                {
                    var error = errors.AsSpan((row - first) * columns, columns);
                    var weight = problem.Weights[row * columns + column];
                    var target = weight + TensorPrimitives.Dot(later[1..], error[(j + 1)..]) / later[0];
                    var code = problem.Grid.Code(row, column, problem.IsPruned(row, column) ? 0 : target);
                    codes[row * columns + column] = code;
                    error[j] = weight - problem.Grid.Value(row, column, code);
                }
            }
        }

        problem.Codes = codes;
        BiasCorrection.Apply(problem);
    }

    // The column that is rounded first comes last.
    private int[] Order(LayerLoss loss)
    {
        var columns = Enumerable.Range(0, loss.Inputs).Reverse();
        return actOrder ? [.. columns.OrderBy(i => loss.Hessian[i * loss.Inputs + i])] : [.. columns];
    }

    private static double[] Permute(double[] matrix, int[] order)
    {
        var permuted = new double[matrix.Length];
        for (var i = 0; i < order.Length; i++)
            for (var j = 0; j <= i; j++)
                permuted[i * order.Length + j] = matrix[order[i] * order.Length + order[j]];
        return permuted;
    }
}
