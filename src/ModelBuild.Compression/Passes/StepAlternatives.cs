using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// Lists of steps of which the pipeline keeps one: the list whose result has the highest fidelity on held-out samples; the first one in a tie.
/// </summary>
/// <param name="Lists">The lists. A single list is run without a comparison.</param>
/// <param name="ComparedCalls">The number of held-out calls on which they are compared.</param>
/// <param name="Work">The work of comparing them.</param>
internal sealed record StepAlternatives(IReadOnlyList<IReadOnlyList<RecipeStep>> Lists, int ComparedCalls, TrialWork Work)
{
    /// <summary>The steps that follow the best lists. The lists with these steps are compared again.</summary>
    public IReadOnlyList<RecipeStep> Finish { get; init; } = [];

    /// <summary>The work of running these steps.</summary>
    public TrialWork FinishWork { get; init; } = Work;

    /// <summary>The number of lists that are followed by these steps.</summary>
    public int Finished { get; init; }

    /// <summary>The number of held-out calls for the second comparison.</summary>
    public int FinalCalls { get; init; } = ComparedCalls;
}
