using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Output;

/// <summary>What <c>verify --json</c> prints.</summary>
/// <param name="Original">The path as given.</param>
/// <param name="Compressed">The path as given.</param>
/// <param name="Verification">What the models ran on.</param>
/// <param name="Fidelity">One entry for each output.</param>
/// <param name="Passed">Whether every output is within its budget.</param>
internal sealed record VerifyDocument(string Original, string Compressed, VerificationFacts Verification, IReadOnlyList<FidelityFacts> Fidelity, bool Passed);
