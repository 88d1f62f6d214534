using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pipeline;

/// <summary>A result in the workspace that was verified: the reports of its steps, its fidelity and the verdicts.</summary>
/// <param name="Steps">What was done.</param>
/// <param name="Fidelity">The fidelity of the result to the original.</param>
/// <param name="Verdicts">Each output held against the budget.</param>
internal sealed record VerifiedCandidate(IReadOnlyList<StepReport> Steps, FidelityReport Fidelity, IReadOnlyList<OutputVerdict> Verdicts);
