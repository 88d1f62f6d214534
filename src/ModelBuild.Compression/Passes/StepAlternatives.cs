using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Passes;

/// <summary>Lists of steps of which one is kept: the one whose result answers held-out samples best, the earliest of several.</summary>
/// <param name="Lists">The lists. A single one is run, and nothing is compared.</param>
/// <param name="ComparedCalls">On how many held-out calls they are compared.</param>
/// <param name="Work">What comparing them takes.</param>
internal sealed record StepAlternatives(IReadOnlyList<IReadOnlyList<RecipeStep>> Lists, int ComparedCalls, TrialWork Work)
{
    /// <summary>Steps that follow the best lists only, which are compared again with them.</summary>
    public IReadOnlyList<RecipeStep> Finish { get; init; } = [];

    /// <summary>What finishing them takes.</summary>
    public TrialWork FinishWork { get; init; } = Work;

    /// <summary>How many lists are finished.</summary>
    public int Finished { get; init; }

    /// <summary>On how many held-out calls finished lists are compared.</summary>
    public int FinalCalls { get; init; } = ComparedCalls;
}
