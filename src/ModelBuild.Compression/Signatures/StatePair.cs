namespace ModelBuild.Compression.Signatures;

/// <summary>A state that a model hands back: in a stream of calls the output of one is the input of the next.</summary>
/// <param name="Output">The output's name in the graph.</param>
/// <param name="Input">The input's name in the graph.</param>
public sealed record StatePair(string Output, string Input);
