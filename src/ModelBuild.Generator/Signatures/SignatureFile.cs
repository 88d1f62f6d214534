namespace ModelBuild.Generator.Signatures;

/// <summary>A signature file as it was found: either what it says, or why it cannot be read.</summary>
internal sealed record SignatureFile(string Path, ModelSignature? Signature, string? Error);
