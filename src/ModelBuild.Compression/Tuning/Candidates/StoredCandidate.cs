using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>A recipe that stores weights within a budget of bytes, in the form of the few numbers that a search changes.</summary>
/// <param name="Structure">The changes of the graph that come before.</param>
/// <param name="Share">The budget: 0 for the fewest bytes, 1 for the most.</param>
/// <param name="Recovery">The steps that fit the weights afterwards.</param>
internal sealed record StoredCandidate(Structure Structure, double Share, Recovery Recovery)
{
    /// <summary>Returns the recipe in its one-line form.</summary>
    /// <param name="allocation">The forms of the layers within the budget.</param>
    /// <param name="allowed">The steps that recipes may have. Other steps that fit weights are left out.</param>
    public string Recipe(LayerAllocation allocation, AllowedSteps allowed) =>
        Passes
            .Recipe.Of([.. Structure.Steps(), .. StorageSteps.Of(allocation), .. RecoverySteps.Of(NeededRecovery(allocation)).Where(allowed.Allows)])
            .ToString();

    // Returns the recovery that an allocation needs. The steps that fit weights work only on weights that are stored as integers, and the step 'cluster' fits
    // its own codebooks.
    private Recovery NeededRecovery(LayerAllocation allocation) => allocation.Layers(LayerCode.Int4, LayerCode.Int8).Any() ? Recovery : Recovery.None;
}
