using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The outcomes of the candidates in the order in which they were tried, for the receipt and the log.</summary>
/// <param name="work">Where each outcome is reported.</param>
internal sealed class AttemptLog(WorkLog work)
{
    private readonly List<AttemptFacts> _attempts = [];

    /// <summary>The outcomes so far.</summary>
    public IReadOnlyList<AttemptFacts> Attempts => _attempts;

    /// <summary>Adds the outcome of a candidate.</summary>
    public void Add(CandidateOutcome outcome)
    {
        if (outcome is CandidateOutcome.Kept)
            AddKept(outcome.Recipe.ToString(), outcome.Why);
        else
            AddRefused(outcome.Recipe, outcome.Why);
    }

    /// <summary>Adds a result that is kept.</summary>
    /// <param name="recipe">The recipe, or <c>original</c>.</param>
    /// <param name="why">The reason.</param>
    public void AddKept(string recipe, string why)
    {
        work.Report($"'{ShortRecipe.Of(recipe)}' is good: {why}");
        _attempts.Add(new AttemptFacts(recipe, AttemptOutcome.Kept, why));
    }

    private void AddRefused(Recipe recipe, string why)
    {
        work.Report($"'{ShortRecipe.Of(recipe.ToString())}' is dropped: {why}");
        _attempts.Add(new AttemptFacts(recipe.ToString(), AttemptOutcome.Refused, why));
    }
}
