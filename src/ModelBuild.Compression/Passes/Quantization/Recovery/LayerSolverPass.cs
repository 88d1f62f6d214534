using ModelBuild.Compression.Layers;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>
/// A step that makes quantized layers better, one after another. The pipeline runs neighbouring steps of this kind in one sweep: each layer is taken through all of them before
/// the next one is measured.
/// </summary>
internal sealed class LayerSolverPass(ILayerSolver solver) : IPass
{
    /// <summary>What is done to each layer.</summary>
    public ILayerSolver Solver { get; } = solver;

    public void Run(PassContext context) => new LayerSweep(context, [Solver]).Run();
}
