using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>One kind of rewrite that <c>optimize</c> repeats until no rewrite changes the graph.</summary>
internal interface IGraphRewrite
{
    /// <summary>The name of the effect in receipts, in the plural: "constants folded".</summary>
    string Effect { get; }

    /// <summary>Rewrites the main graph and all subgraphs. Returns the number of rewrites.</summary>
    int Apply(Graph main, CancellationToken cancellationToken);
}
