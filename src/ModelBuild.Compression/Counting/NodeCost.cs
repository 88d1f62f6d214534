namespace ModelBuild.Compression.Counting;

/// <summary>The size and the work of a node: its parameters and the multiply-adds of one call.</summary>
/// <param name="Name">The name of the node, or of its first output if the node has no name.</param>
/// <param name="Operator">The operator of the node.</param>
/// <param name="Parameters">The number of elements of the weights that the node reads, shared or not.</param>
/// <param name="MultiplyAdds">The multiply-adds of one call; null when they are unknown before the model runs.</param>
internal sealed record NodeCost(string Name, string Operator, long Parameters, long? MultiplyAdds);
