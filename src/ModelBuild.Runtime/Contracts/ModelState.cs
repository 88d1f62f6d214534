namespace ModelBuild.Runtime;

/// <summary>A state of a model: what one call hands out and the next call of the same stream takes in.</summary>
/// <param name="Output">The index of the output in the contract.</param>
/// <param name="Input">The index of the input in the contract.</param>
public readonly record struct ModelState(int Output, int Input);
