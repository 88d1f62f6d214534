using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>A graph in which the nodes of a plan are quantized.</summary>
/// <param name="Main">The graph.</param>
/// <param name="Layers">Creates the layers that compute in integers, in real numbers.</param>
/// <param name="Results">The outputs of the quantized nodes, one for each node.</param>
internal sealed record QuantizedGraph(Graph Main, IReadOnlyList<Func<QuantizedLayer>> Layers, IReadOnlyList<QuantizedResult> Results)
{
    /// <summary>Runs an emitter on a graph, and removes the float weights that have no readers any more.</summary>
    public static QuantizedGraph Emit(Graph main, QdqEmitter emitter)
    {
        var layers = emitter.Emit();
        QuantizedResult[] results = [.. emitter.Results.Values.DistinctBy(result => result.Node)];
        // The float weights have no readers any more. The float weights are removed, so that ONNX Runtime does not load them.
        new DeadCodeElimination().Apply(main, CancellationToken.None);
        main.RemoveStaleInfo();
        return new QuantizedGraph(main, layers, results);
    }
}
