using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>
/// Proposes the tasks of a study one after another. Each proposal depends only on the outcomes of earlier tasks, so an interrupted study continues with the
/// same tasks, and two runs of a study propose the same tasks. The order is: uniform recipes, and lists of budgets for bytes and for predicted time;
/// structures, and their lists of budgets; and then changes of recipes on the front, until none of them improves it.
/// </summary>
/// <remarks>
/// Tasks may run at the same time. The caller adds outcomes only when a proposal needs one, and in the order of the tasks, so that the proposals do not depend
/// on how many tasks run at once or on which of them ends first. At most <see cref="Window"/> proposed tasks have no outcome, also where tasks run one after
/// another.
/// </remarks>
/// <param name="state">The outcomes so far.</param>
/// <param name="trains">Whether recipes may train.</param>
/// <param name="allowed">The steps that recipes may have.</param>
internal sealed class Proposals(StudyState state, bool trains, AllowedSteps allowed)
{
    /// <summary>The largest number of proposed tasks that have no outcome yet.</summary>
    public const int Window = 16;

    private static readonly double[] StorageShares = [0.0, 0.08, 0.2, 0.35, 0.5, 0.65, 0.8];
    private static readonly double[] IntegerShares = [0.1, 0.25, 0.45, 0.7];

    private const string SmallForm = "int8-weights least-squares gptq";

    // The SQNR in dB at which each list of ratios stops: the first ratio that leaves less than this SQNR is the last one.
    private const double LeastSqnrDb = 10;

    private static readonly Structure[][] Structures =
    [
        [.. new[] { 0.2, 0.34, 0.5, 0.65, 0.8 }.Select(ratio => Structure.Unchanged with { Pruned = ratio })],
        [.. new[] { 0.5, 0.7, 0.8 }.Select(ratio => Structure.Unchanged with { Pruned = ratio, Of = PrunedWork.Parameters })],
        [.. new[] { 0.5, 0.35, 0.24 }.Select(ratio => Structure.Unchanged with { Rank = ratio })],
    ];

    private readonly ProposedTasks _proposed = new(state);
    private readonly Dictionary<string, StoredCandidate> _stored = new(StringComparer.Ordinal);

    // The steps and the error table of the model in int8; null until both are found.
    private (IReadOnlyList<RecipeStep> Steps, BudgetProgram Program)? _integers;

    // The parts of the search that run at the same time, the most useful first. A part may add other parts.
    private readonly List<IEnumerator<StudyTask?>> _parts = [];

    /// <summary>The task whose outcome the caller adds next; null if no task waits for one.</summary>
    public StudyTask? Waiting => _proposed.Waiting;

    /// <summary>
    /// Returns the proposed tasks. An element is null where the next proposal needs the outcome of <see cref="Waiting"/>, which the caller adds to the state
    /// before it continues. The sequence ends when further changes do not improve the front; some tasks may have no outcome then.
    /// </summary>
    public IEnumerable<StudyTask?> All()
    {
        foreach (var task in Stages())
        {
            if (task is null)
            {
                yield return null;
                continue;
            }

            if (_proposed.Has(task))
                continue;
            while (_proposed.Open >= Window)
                yield return null;
            _proposed.Add(task);
            yield return task;
        }
    }

    private IEnumerable<StudyTask?> Stages()
    {
        IEnumerable<IEnumerable<StudyTask?>>[] stages =
        [
            [Uniform(), StorageLadder(Structure.Unchanged), IntegerLadder()],
            Structures.Where(ladder => allowed.Allows(ladder[0])).Select(Structured),
            [new FrontChanges(state, _proposed, _stored, trains && allowed.Allows("fine-tune"), allowed).All(Stored, WithFloat)],
        ];
        foreach (var stage in stages)
        {
            foreach (var part in stage)
                Begin(part);
            foreach (var task in Parts())
                yield return task;
        }
    }

    private void Begin(IEnumerable<StudyTask?> part) => _parts.Add(part.GetEnumerator());

    // Returns the next tasks of the search. The first part that does not wait for an outcome has the next task.
    private IEnumerable<StudyTask?> Parts()
    {
        while (_parts.Count > 0)
        {
            StudyTask? found = null;
            for (var i = 0; i < _parts.Count && found is null; )
                if (!_parts[i].MoveNext())
                    _parts.RemoveAt(i);
                else if (_parts[i].Current is { } task)
                    found = task;
                else
                    i++;
            if (found is not null || _parts.Count > 0)
                yield return found;
        }
    }

    private IEnumerable<StudyTask> Uniform() =>
        UniformRecipes.All.Where(allowed.Allows).Select(Canonical).Select(recipe => new RecipeTask(recipe, Origin.Uniform));

    // Returns the normalized text of a recipe, because recipes are compared by their text.
    private static string Canonical(string recipe) => RecipeParser.Parse(recipe).ToString();

    private IEnumerable<StudyTask?> StorageLadder(Structure structure)
    {
        if (!StorageSteps.Codes.Any(allowed.Allows))
            yield break;
        var table = new StorageTableTask(structure);
        yield return table;
        while (!state.Has(table))
            yield return null;
        foreach (var share in StorageShares)
            if (Stored(new StoredCandidate(structure, share, Recovery.Fitting), Origin.Budget) is { } task)
                yield return task;
    }

    private IEnumerable<StudyTask?> IntegerLadder()
    {
        if (!allowed.Allows(UniformRecipes.Integers))
            yield break;
        var integers = new RecipeTask(Canonical(UniformRecipes.Integers), Origin.Uniform);
        while (!state.Has(integers))
            yield return null;
        if (state.Result(integers.Recipe) is not { } whole)
            yield break;
        var task = new IntegerTableTask(whole.Written);
        yield return task;
        if (allowed.Allows("reconstruct"))
            yield return new RecipeTask($"{whole.Written} reconstruct", Origin.Uniform);
        while (!state.Has(task))
            yield return null;
        if (state.Table(task) is not { } table)
            yield break;
        _integers = (RecipeParser.Parse(whole.Written).Steps, new BudgetProgram(table));
        foreach (var share in IntegerShares)
            if (WithFloat(share, Origin.Budget) is { } mixture)
                yield return mixture;
    }

    // Proposes the layers in integers within a budget of predicted time; null unless a table of their errors exists and some layers are in float.
    private RecipeTask? WithFloat(double share, Origin origin)
    {
        if (_integers is not var (steps, program))
            return null;
        string[] floats = [.. program.Within(share).Layers(LayerCode.Int8)];
        return floats.Length == 0 ? null : new RecipeTask(Recipe.Of(TableMeasurement.WithFloat(steps, floats)).ToString(), origin);
    }

    private IEnumerable<StudyTask?> Structured(Structure[] ladder)
    {
        foreach (var structure in ladder)
        {
            var alone = new RecipeTask(Recipe.Of(structure.Steps()).ToString(), Origin.Structure);
            yield return alone;
            while (!state.Has(alone))
                yield return null;
            if (state.Result(alone.Recipe) is not { } result || result.SqnrDb < LeastSqnrDb)
                yield break;
            if (!result.IsIdentical)
                Begin(Compressed(structure, alone.Recipe));
        }
    }

    // Proposes other stored forms for a structure whose weights in 8 bits are on the front.
    private IEnumerable<StudyTask?> Compressed(Structure structure, string steps)
    {
        RecipeTask Followed(string forms) => new($"{steps} {forms}", Origin.Structure);
        if (allowed.Allows(SmallForm))
        {
            var small = Followed(SmallForm);
            yield return small;
            while (!state.Has(small))
                yield return null;
            if (!IsOnFront(small))
                yield break;
        }

        foreach (var forms in new[] { UniformRecipes.Integers, "cluster" }.Where(allowed.Allows))
            yield return Followed(forms);
        foreach (var task in StorageLadder(structure))
            yield return task;
    }

    private bool IsOnFront(RecipeTask task) => state.OnFront.Any(trial => trial.Task.Key == task.Key);

    private RecipeTask? Stored(StoredCandidate candidate, Origin origin)
    {
        if (state.Table(new StorageTableTask(candidate.Structure)) is not { } table)
            return null;
        var allocation = new BudgetProgram(allowed.Within(table)).Within(candidate.Share);
        var recipe = candidate.Recipe(allocation, allowed);
        if (recipe.Length == 0)
            return null;
        _stored.TryAdd(recipe, candidate);
        return new RecipeTask(recipe, origin);
    }
}
