namespace ModelBuild.Compression.Profiling;

/// <summary>The time of a node of the optimized graph that ONNX Runtime runs.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Operator">The operator that runs.</param>
/// <param name="Provider">The execution provider that runs the node.</param>
/// <param name="Ms">The time in one call of the model, in milliseconds, without that of nodes in its branches and loops.</param>
/// <param name="Share">The share of the time of all nodes, from 0 to 1.</param>
internal sealed record NodeTime(string Node, string Operator, string Provider, double Ms, double Share)
{
    /// <summary>The domain of the operator; empty for the ONNX domain, or if it is unknown.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The nodes of the file that this node computes; empty if it computes the node of the same name only, or if they are unknown.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];
}
