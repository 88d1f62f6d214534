namespace ModelBuild.Compression.Receipts;

/// <summary>The facts about the stages that a model is cut into.</summary>
/// <param name="Stages">The stages in their order.</param>
/// <param name="Verification">The comparison of the stages with the whole compressed model; null if they were not compared.</param>
/// <param name="Fidelity">The fidelity of each output to that of the whole model.</param>
internal sealed record PartitionFacts(IReadOnlyList<StageFacts> Stages, VerificationFacts? Verification, IReadOnlyList<FidelityFacts> Fidelity);
