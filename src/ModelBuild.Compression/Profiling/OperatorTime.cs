namespace ModelBuild.Compression.Profiling;

/// <summary>The time of all nodes of an operator.</summary>
/// <param name="Operator">The operator that runs.</param>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="Ms">The time in one call of the model, in milliseconds.</param>
/// <param name="Share">The share of the time of all nodes, from 0 to 1.</param>
internal sealed record OperatorTime(string Operator, int Nodes, double Ms, double Share);
