namespace ModelBuild.Compression.Counting;

/// <summary>What a node takes.</summary>
/// <param name="Name">Its name; that of its first output where it has none.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="Parameters">The elements of the weights that it reads, shared or not.</param>
/// <param name="MultiplyAdds">Its multiply-adds in one call; null where they are not known before the model runs.</param>
public sealed record NodeCost(string Name, string Operator, long Parameters, long? MultiplyAdds);
