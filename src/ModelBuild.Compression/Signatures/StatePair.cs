namespace ModelBuild.Compression.Signatures;

/// <summary>A state of a model: in a stream of calls, the output of one call is the input of the next.</summary>
/// <param name="Output">The name of the output in the graph.</param>
/// <param name="Input">The name of the input in the graph.</param>
internal sealed record StatePair(string Output, string Input);
