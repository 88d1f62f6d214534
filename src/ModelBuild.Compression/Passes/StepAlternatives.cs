using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Passes;

/// <summary>
/// Lists of steps that can replace a step. The pipeline keeps the list whose result has the highest fidelity on held-out samples, or the first one in a tie.
/// </summary>
/// <param name="Lists">The lists. A single list is run without a comparison.</param>
/// <param name="ComparedCalls">The number of held-out calls on which they are compared.</param>
/// <param name="Work">The work of comparing them.</param>
internal sealed record StepAlternatives(IReadOnlyList<IReadOnlyList<RecipeStep>> Lists, int ComparedCalls, TrialWork Work)
{
    /// <summary>The steps that run after the best lists. The lists are compared again with these steps.</summary>
    public IReadOnlyList<RecipeStep> Finish { get; init; } = [];

    /// <summary>The work of running the steps that follow the best lists.</summary>
    public TrialWork FinishWork { get; init; } = Work;

    /// <summary>The number of best lists after which the finishing steps run.</summary>
    public int Finished { get; init; }

    /// <summary>The number of held-out calls for the comparison after the finishing steps.</summary>
    public int FinalCalls { get; init; } = ComparedCalls;
}
