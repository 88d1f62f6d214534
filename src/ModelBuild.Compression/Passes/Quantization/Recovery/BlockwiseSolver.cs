using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Applies solvers to the blocks of a layer, several in parallel, and keeps the results of a solver that reduce the error on held-out rows.</summary>
/// <param name="solvers">The solvers, in order.</param>
/// <param name="answers">Computes products of rows.</param>
/// <param name="size">The size of blocks.</param>
/// <param name="threads">The largest number of blocks that are solved in parallel.</param>
internal sealed class BlockwiseSolver(IReadOnlyList<ILayerSolver> solvers, RowAnswers answers, BlockSize size, int threads)
{
    /// <summary>Solves one group of a layer. Without held-out rows the benefit of a change cannot be measured, and nothing is changed.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="moments">The moments of the group. The method takes ownership of them.</param>
    /// <param name="cancellationToken">Checked between blocks, and by solvers.</param>
    /// <returns>The number of output channels that were changed.</returns>
    public int Solve(QuantizedLayer layer, int group, LayerMoments moments, CancellationToken cancellationToken)
    {
        if (moments.HeldOut is null)
            return 0;
        var part = new LayerGroup(layer, group, moments, size);
        var accepted = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(part.SideBySide, threads), CancellationToken = cancellationToken };
        Parallel.For(0, part.Blocks, parallel, block => Interlocked.Add(ref accepted, Solve(part.Block(block), cancellationToken)));
        return accepted;
    }

    private int Solve(LayerBlock block, CancellationToken cancellationToken)
    {
        var acceptance = new LayerAcceptance(block.Problem, block.Problem.Moments.HeldOut!, answers);
        foreach (var solver in solvers)
        {
            solver.Solve(block.Problem, cancellationToken);
            acceptance.Consider();
        }

        block.TakeBack();
        return acceptance.Accepted;
    }
}
