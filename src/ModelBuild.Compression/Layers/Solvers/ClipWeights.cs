using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Chooses for each block of each row how much of the range of weights the grid covers. A smaller scale rounds all weights more finely but clips a few large
/// ones. The share with the least loss (w − ŵ) H (w − ŵ)ᵀ for nearest codes is chosen (sequential MSE in AIMET). If all rows share one scale, they get one
/// share.
/// </summary>
/// <param name="damping">The number that is added to H's diagonal, as a share of its mean.</param>
internal sealed class ClipWeights(double damping = 0.01) : ILayerSolver
{
    // The shares of the range of weights that are tried for a grid: from the whole range down to 40 percent of it, in steps of 5 percent.
    private const int Steps = 20;
    private const int Candidates = 13;

    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken)
    {
        var (rows, columns) = (problem.Outputs, problem.Inputs);
        var loss = problem.Loss;
        var added = damping * loss.MeanSquare;

        var grids = new WeightGrid[Candidates];
        for (var i = 0; i < Candidates; i++)
            grids[i] = i == 0 ? problem.Grid : problem.GridRule.Fit(Clipped(problem, (Steps - i) / (double)Steps), rows, columns);

        // If all rows of the matrix share a scale, each row counts as one block, and the losses of the rows are summed.
        var block = problem.GridRule.Shared ? columns : problem.Grid.BlockSize;
        var (scales, zeroPoints) = (problem.Grid.Scales.ToArray(), problem.Grid.ZeroPoints?.ToArray());
        var together = new double[Candidates];
        for (var row = 0; row < rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var errors = Array.ConvertAll(grids, grid => Errors(problem, grid, row));
            var current = errors[0].ToArray();
            for (var start = 0; start < columns; start += block)
            {
                var length = Math.Min(block, columns - start);
                var losses = loss.BlockLosses(current, errors, start, length, added);
                if (problem.GridRule.Shared)
                {
                    TensorPrimitives.Add(together, losses, together);
                    continue;
                }

                var best = TensorPrimitives.IndexOfMin<double>(losses);
                errors[best].AsSpan(start, length).CopyTo(current.AsSpan(start));
                var slot = row * problem.Grid.Blocks + start / block;
                scales[slot] = grids[best].Scales[slot];
                if (zeroPoints is not null)
                    zeroPoints[slot] = grids[best].ZeroPoints![slot];
            }
        }

        problem.Grid = problem.GridRule.Shared
            ? grids[TensorPrimitives.IndexOfMin<double>(together)]
            : problem.Grid with
            {
                Scales = scales,
                ZeroPoints = zeroPoints,
            };
        problem.Codes = null;
        BiasCorrection.Apply(problem);
    }

    // Returns a copy of the weights that is clipped to a share of the range of each block. A grid that is fitted to the copy has a smaller range. The weights
    // that are rounded do not change.
    private static float[] Clipped(LayerProblem problem, double share)
    {
        var clipped = problem.Weights.ToArray();
        for (var row = 0; row < problem.Outputs; row++)
        for (var column = 0; column < problem.Inputs; column += problem.Grid.BlockSize)
        {
            var block = clipped.AsSpan(row * problem.Inputs + column, Math.Min(problem.Grid.BlockSize, problem.Inputs - column));
            var (least, most) = (share * Math.Min(0, TensorPrimitives.Min<float>(block)), share * Math.Max(0, TensorPrimitives.Max<float>(block)));
            TensorPrimitives.Clamp(block, (float)least, (float)most, block);
        }

        return clipped;
    }

    private static double[] Errors(LayerProblem problem, WeightGrid grid, int row)
    {
        var errors = new double[problem.Inputs];
        for (var column = 0; column < errors.Length; column++)
        {
            var weight = problem.Weights[row * errors.Length + column];
            errors[column] = weight - grid.Value(row, column, grid.Code(row, column, weight));
        }

        return errors;
    }
}
