using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The outcomes of the candidates in the order in which they were tried, for the receipt and the log.</summary>
/// <param name="work">Receives each outcome.</param>
internal sealed class AttemptLog(WorkLog work)
{
    private readonly List<AttemptFacts> _attempts = [];

    /// <summary>The outcomes of the candidates that were tried so far.</summary>
    public IReadOnlyList<AttemptFacts> Attempts => _attempts;

    /// <summary>Adds the outcome of a candidate.</summary>
    public void Add(CandidateOutcome outcome)
    {
        var isKept = outcome is CandidateOutcome.Kept;
        Add(
            new AttemptFacts(outcome.Recipe.ToString(), isKept ? AttemptOutcome.Kept : AttemptOutcome.Refused, outcome.Why)
            {
                Bytes = outcome.Bytes,
                SqnrDb = outcome.SqnrDb is { } decibels ? Math.Round(decibels, 2) : null,
                Variants = outcome.Variants.Count == 0 ? null : outcome.Variants,
            }
        );
    }

    /// <summary>Adds the outcome of a candidate whose result is kept.</summary>
    /// <param name="recipe">The recipe, or <c>original</c>.</param>
    /// <param name="why">The reason.</param>
    public void AddKept(string recipe, string why) => Add(new AttemptFacts(recipe, AttemptOutcome.Kept, why));

    private void Add(AttemptFacts attempt)
    {
        work.Report($"'{ShortRecipe.Of(attempt.Recipe)}' is {(attempt.Outcome == AttemptOutcome.Kept ? "good" : "dropped")}: {attempt.Why}");
        _attempts.Add(attempt);
    }
}
