namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>A node of a training graph with the values that it reads and computes, and its work.</summary>
/// <param name="Reads">The values that it and its subgraphs read, without those that subgraphs define.</param>
/// <param name="Writes">The values that it computes.</param>
/// <param name="Work">Its multiply-adds and the number of its results.</param>
internal sealed record GraphNode(IReadOnlyList<GraphValue> Reads, IReadOnlyList<GraphValue> Writes, double Work);
