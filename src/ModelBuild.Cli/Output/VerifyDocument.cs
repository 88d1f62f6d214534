using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the JSON document that <c>verify --json</c> prints.</summary>
/// <param name="Original">The path of the original as the user gave it.</param>
/// <param name="Compressed">The path of the compressed model as the user gave it.</param>
/// <param name="Verification">The samples and the settings of the comparison.</param>
/// <param name="Fidelity">One entry for each output.</param>
/// <param name="Passed">Whether every output is within its budget.</param>
internal sealed record VerifyDocument(string Original, string Compressed, VerificationFacts Verification, IReadOnlyList<FidelityFacts> Fidelity, bool Passed);
