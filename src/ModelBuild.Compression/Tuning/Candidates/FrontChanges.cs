using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>
/// An evolutionary search on the front. Where the gap between two neighbours on the front is largest, it proposes a recipe whose budget lies between their
/// budgets. It also proposes recipes of the front with one changed number.
/// </summary>
/// <param name="state">The outcomes so far.</param>
/// <param name="proposed">The tasks that were proposed.</param>
/// <param name="stored">The candidates of recipes that store weights within a budget.</param>
/// <param name="trains">Whether recipes may train.</param>
/// <param name="allowed">The steps that recipes may have.</param>
internal sealed class FrontChanges(
    StudyState state,
    ProposedTasks proposed,
    IReadOnlyDictionary<string, StoredCandidate> stored,
    bool trains,
    AllowedSteps allowed
)
{
    // The number of tasks without an improvement of the front, or of rounds without a new task, after which the search ends. The outcomes of the last tasks may
    // be unknown.
    private const int Patience = 40 + Proposals.Window;

    // The number of rounds without a new task after which the search waits for another outcome.
    private const int IdleRounds = 8;

    private const ulong Seed = 1;
    private const int TrainedSteps = 300;
    private const int MaxTrained = 8;

    private readonly SplitMix64 _random = new(Seed);
    private readonly HashSet<(string, string)> _closed = [];
    private int _trained;

    /// <summary>Returns the proposed tasks. An element is null where the next task needs the outcome of an earlier one.</summary>
    /// <param name="create">Returns the task of a candidate; null if it has no table of errors.</param>
    /// <param name="withFloat">Returns the task of layers in integers within a share of the predicted time; null if there is no such task.</param>
    public IEnumerable<StudyTask?> All(Func<StoredCandidate, Origin, RecipeTask?> create, Func<double, Origin, RecipeTask?> withFloat)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        // The candidates whose table of errors is being measured. The search proposes other candidates meanwhile.
        var measured = new Queue<(StoredCandidate Candidate, Origin Origin)>();
        var idle = 0;
        for (var round = 0; places.Count - LastOnFront(places) < Patience && idle < Patience; round++)
        {
            var (candidate, origin) =
                measured.TryPeek(out var next) && state.Has(new StorageTableTask(next.Candidate.Structure)) ? measured.Dequeue()
                : round % 2 == 0 ? (Between(), Origin.Between)
                : (Changed(), Origin.Changed);
            if (candidate is not null && new StorageTableTask(candidate.Structure) is var table && !state.Has(table))
            {
                measured.Enqueue((candidate, origin));
                if (!proposed.Has(table))
                {
                    yield return table;
                    continue;
                }

                candidate = null;
            }

            var task =
                trains && round % 4 == 3 && Trained() is { } trained ? trained
                : round % 8 == 5 && Integers(withFloat) is { } integers ? integers
                : candidate is null ? null
                : create(candidate, origin);
            if (task is not null && !proposed.Has(task))
            {
                idle = 0;
                places.Add(task.Key, places.Count + 1);
                yield return task;
            }
            else if (++idle % IdleRounds == 0 && proposed.Open > 0)
            {
                yield return null;
            }
        }
    }

    private int LastOnFront(Dictionary<string, int> places) => state.OnFront.Select(trial => places.GetValueOrDefault(trial.Task.Key)).DefaultIfEmpty().Max();

    private StoredCandidate? Between()
    {
        var front = state.OnFront;
        var pairs = front
            .Zip(front.Skip(1))
            .Where(pair => !_closed.Contains((pair.First.Task.Key, pair.Second.Task.Key)))
            .OrderByDescending(pair => Gap(pair.First.Result, pair.Second.Result))
            .ToArray();
        if (pairs.Length == 0)
            return null;
        var ((first, small), (second, large)) = pairs[0];
        _closed.Add((first.Key, second.Key));
        var parent = stored.GetValueOrDefault(first.Recipe) ?? stored.GetValueOrDefault(second.Recipe);
        var structure = parent?.Structure ?? Structure.Unchanged;
        if (state.Table(new StorageTableTask(structure)) is not { } table)
            return null;
        var bytes = Math.Sqrt((double)small.Bytes * large.Bytes);
        var share = (bytes - table.Least) / Math.Max(1, table.Most - table.Least);
        return new StoredCandidate(structure, Math.Round(Math.Clamp(share, 0, 1), 4), parent?.Recovery ?? Recovery.Fitting);
    }

    // Returns the distance of two results of the front. One decibel counts as much as a difference of about a tenth in bytes.
    private static double Gap(TrialResult small, TrialResult large) =>
        Math.Abs(small.SqnrDb - large.SqnrDb) + (10 * Math.Log((double)large.Bytes / small.Bytes));

    private StoredCandidate? Changed()
    {
        if (Parent() is not { } parent)
            return null;
        return _random.Below(3) switch
        {
            0 => parent with { Recovery = Other(parent.Recovery) },
            1 => parent with { Share = Math.Round(Math.Clamp(parent.Share + Step(0.1), 0, 1), 3) },
            _ => Changed(parent.Structure) is var structure && allowed.Allows(structure) ? parent with { Structure = structure } : null,
        };
    }

    // Proposes a recipe with int8 arithmetic. A random number decides whether other layers than before compute in integers, or the structure of the model
    // changes.
    private RecipeTask? Integers(Func<double, Origin, RecipeTask?> withFloat)
    {
        if (!allowed.Allows(UniformRecipes.Integers))
            return null;
        if (_random.Below(2) == 0)
            return withFloat(Math.Round(_random.NextDouble(), 2), Origin.Changed);
        return Parent() is { } parent && Changed(parent.Structure) is var structure && structure != Structure.Unchanged && allowed.Allows(structure)
            ? new RecipeTask($"{Recipe.Of(structure.Steps())} {UniformRecipes.Integers}", Origin.Changed)
            : null;
    }

    // Returns a random candidate of the front; null if the front has no candidate.
    private StoredCandidate? Parent()
    {
        StoredCandidate[] candidates = [.. state.OnFront.Select(trial => stored.GetValueOrDefault(trial.Task.Recipe)).OfType<StoredCandidate>()];
        return candidates.Length == 0 ? null : candidates[_random.Below(candidates.Length)];
    }

    private Recovery Other(Recovery recovery)
    {
        Recovery[] others = [.. Enum.GetValues<Recovery>().Where(other => other != recovery && other != Recovery.None)];
        return others[_random.Below(others.Length)];
    }

    private Structure Changed(Structure structure) =>
        _random.Below(2) == 0
            ? structure with
            {
                Pruned = Ratio(structure.Pruned + Step(0.2), 0, 0.8),
            }
            : structure with
            {
                Rank = Ratio(structure.Rank + Step(0.3), 0.2, 1),
            };

    // Returns a ratio of a structure, rounded to a multiple of 1/20. The rounding limits the number of different structures, because the errors of each
    // structure must be measured separately.
    private static double Ratio(double ratio, double least, double most) => Math.Round(Math.Clamp(ratio, least, most) * 20) / 20;

    private double Step(double size) => ((2 * _random.NextDouble()) - 1) * size;

    private RecipeTask? Trained()
    {
        if (_trained == MaxTrained)
            return null;
        // The candidate to train is the smallest result within the budget that was not yet trained; if there is none, the most accurate result beyond the
        // budget.
        var parent = state
            .OnFront.OrderByDescending(trial => trial.Result.IsWithinBudget)
            .ThenByDescending(trial => trial.Result.IsWithinBudget ? -trial.Result.Bytes : trial.Result.SqnrDb)
            .FirstOrDefault(trial => trial.Task.Origin != Origin.Trained && !proposed.Has(Of(trial.Task)));
        if (parent.Task is null)
            return null;
        _trained++;
        return Of(parent.Task);

        static RecipeTask Of(RecipeTask task) => new($"{task.Recipe} fine-tune(steps={TrainedSteps})", Origin.Trained);
    }
}
