namespace ModelBuild.Compression.Training.Explanation;

/// <summary>An output of floats that both models have.</summary>
/// <param name="Name">The name of the output.</param>
/// <param name="Mask">The input that is 0 for positions of the first two axes that do not count; null if all positions count.</param>
internal sealed record ComparedOutput(string Name, string? Mask);
