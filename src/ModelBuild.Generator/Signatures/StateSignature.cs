namespace ModelBuild.Generator.Signatures;

/// <summary>Represents a state by the names of an output and of the input that it becomes in the next call.</summary>
internal sealed record StateSignature(string Output, string Input);
