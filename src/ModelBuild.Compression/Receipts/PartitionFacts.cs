namespace ModelBuild.Compression.Receipts;

/// <summary>The stages of a model.</summary>
/// <param name="Stages">The stages in their order.</param>
/// <param name="Verification">How the stages were compared with the whole compressed model; null when they were not.</param>
/// <param name="Fidelity">The fidelity of each output to that of the whole model.</param>
internal sealed record PartitionFacts(IReadOnlyList<StageFacts> Stages, VerificationFacts? Verification, IReadOnlyList<FidelityFacts> Fidelity);
