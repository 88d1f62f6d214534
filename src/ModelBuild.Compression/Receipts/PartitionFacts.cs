namespace ModelBuild.Compression.Receipts;

/// <summary>How a model was cut.</summary>
/// <param name="Stages">The stages in their order.</param>
/// <param name="Verification">How the stages were verified against the whole compressed model; null where that was not asked for.</param>
/// <param name="Fidelity">How near each output is to the whole model's.</param>
public sealed record PartitionFacts(IReadOnlyList<StageFacts> Stages, VerificationFacts? Verification, IReadOnlyList<FidelityFacts> Fidelity);
