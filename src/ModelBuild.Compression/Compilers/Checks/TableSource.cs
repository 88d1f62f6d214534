namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>The document that the table of a compiler's operators is based on.</summary>
/// <param name="Url">The address of the document.</param>
/// <param name="Version">The version of the compiler that the document describes.</param>
/// <param name="Date">The day on which the document was read, in the form of ISO 8601.</param>
internal sealed record TableSource(string Url, string Version, string Date);
