namespace ModelBuild.Runtime;

/// <summary>Represents a state of a model: an output of one call that is an input of the next call of the same stream.</summary>
/// <param name="Output">The index of the output in the contract.</param>
/// <param name="Input">The index of the input in the contract.</param>
public readonly record struct ModelState(int Output, int Input);
