using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Changes one code of a row at a time to the value with the least loss (w − ŵ) H (w − ŵ)ᵀ, until no code changes. This greedy descent starts with the codes
/// of rounding or GPTQ and never increases the loss (Nair and Suggala 2024, CDQuant, arXiv 2406.17542, the cyclic form). The bias compensates the mean error
/// if the layer has one.
/// </summary>
/// <param name="sweeps">The largest number of sweeps over all columns.</param>
/// <param name="damping">The number that is added to H's diagonal, as a share of its mean.</param>
internal sealed class CoordinateDescent(int sweeps = 10, double damping = 0.01) : ILayerSolver
{
    private const int MaxSweepsOverRows = 2;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var columns = problem.Inputs;
        var loss = problem.Loss;
        var added = damping * loss.MeanSquare;
        var codes = problem.Codes ?? problem.Grid.Round(problem.Weights);
        problem.Codes = codes;
        var errors = problem.Quantized();
        for (var i = 0; i < errors.Length; i++)
            errors[i] = problem.Weights[i] - errors[i];

        // If the loss is computed from stored rows, the number of sweeps is smaller, because each gradient then costs as much as there are rows.
        var most = loss is RowsLoss ? Math.Min(sweeps, MaxSweepsOverRows) : sweeps;
        double[] curvatures = [.. Enumerable.Range(0, columns).Select(loss.Curvature)];
        for (var first = 0; first < problem.Outputs; first += Products.Together)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = Math.Min(first + Products.Together, problem.Outputs);
            var slopes = loss.Slopes(errors.AsSpan(first * columns, (last - first) * columns));
            for (var row = first; row < last; row++)
            {
                var own = row * columns;
                Descend(problem, row, most, curvatures, added, codes.AsSpan(own, columns), errors.AsSpan(own, columns), slopes[row - first]);
            }
        }

        BiasCorrection.Apply(problem);
    }

    // Changes single codes of a row while its loss decreases. The slopes are H · errors. Changing an error by −Δ changes the loss by −2 Δ slope + Δ² H_ii.
    private static void Descend(
        LayerProblem problem,
        int row,
        int most,
        double[] curvatures,
        double added,
        Span<int> codes,
        Span<double> errors,
        ErrorSlopes slopes
    )
    {
        var (grid, columns) = (problem.Grid, codes.Length);
        var moved = true;
        for (var sweep = 0; moved && sweep < most; sweep++)
        {
            moved = false;
            for (var i = 0; i < columns; i++)
            {
                var curvature = curvatures[i] + added;
                if (curvature <= 0 || problem.IsPruned(row, i))
                    continue;
                var slope = slopes[i] + added * errors[i];
                var value = grid.Value(row, i, codes[i]);
                var code = grid.Code(row, i, value + slope / curvature);
                var step = grid.Value(row, i, code) - value;
                if (code == codes[i] || step * (step * curvature - 2 * slope) >= 0)
                    continue;
                codes[i] = code;
                errors[i] -= step;
                slopes.Move(i, -step);
                moved = true;
            }
        }
    }
}
