namespace ModelBuild.Generator.Signatures;

/// <summary>A state: the raw name of an output, and that of the input which it is in the next call.</summary>
internal sealed record StateSignature(string Output, string Input);
