namespace ModelBuild.Compression.Layers;

/// <summary>Makes one quantized layer's answers nearer to the original's. Deterministic, on one thread: layers and groups are solved side by side.</summary>
internal interface ILayerSolver
{
    /// <summary>Changes the problem's weights, grid, codes or bias.</summary>
    void Solve(LayerProblem problem, CancellationToken cancellationToken);
}
