namespace ModelBuild.Generator.Signatures;

/// <summary>Represents a signature file with its signature, or with the reason why it cannot be read.</summary>
internal sealed record SignatureFile(string Path, ModelSignature? Signature, string? Error);
