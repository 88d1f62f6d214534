namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Reduces the error of one quantized layer. A solver is deterministic and uses one thread, because layers and groups are solved in parallel.
/// </summary>
internal interface ILayerSolver
{
    /// <summary>Reduces the error of a layer by changing the weights, grid, codes or bias of its problem.</summary>
    void Solve(LayerProblem problem, CancellationToken cancellationToken);
}
