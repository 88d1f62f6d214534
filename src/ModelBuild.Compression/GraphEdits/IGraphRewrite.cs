using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>One kind of rewrite that <c>optimize</c> repeats.</summary>
internal interface IGraphRewrite
{
    /// <summary>What one application is called in receipts, in the plural: "constants folded".</summary>
    string Effect { get; }

    /// <summary>Rewrites the main graph and all subgraphs; returns how often.</summary>
    int Apply(Graph main, CancellationToken cancellationToken);
}
