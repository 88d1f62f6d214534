using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Pruning.Channels;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning.Allocation;

namespace ModelBuild.Compression.Tuning.Candidates;

/// <summary>
/// Proposes the tasks of a study one after another. Each proposal follows from the outcomes of the earlier ones alone, so that an interrupted study goes on as
/// if it had not been interrupted, and the same study proposes the same tasks twice. The order is: uniform recipes; ladders of budgets, for bytes and for
/// predicted time; structures; and then changes of what is on the front, until none of them improves it.
/// </summary>
/// <param name="state">The outcomes so far. The caller adds the outcome of each task before it asks for the next one.</param>
/// <param name="trains">Whether recipes may train.</param>
internal sealed class Proposals(StudyState state, bool trains)
{
    private static readonly double[] StorageShares = [0.0, 0.08, 0.2, 0.35, 0.5, 0.65, 0.8];
    private static readonly double[] IntegerShares = [0.1, 0.25, 0.45, 0.7];

    // The ratios of each list stop at the first one that leaves less than this SQNR.
    private const double LeastSqnrDb = 10;

    private static readonly Structure[][] Structures =
    [
        [.. new[] { 0.2, 0.34, 0.5, 0.65 }.Select(ratio => Structure.Unchanged with { Pruned = ratio })],
        [.. new[] { 0.5, 0.7 }.Select(ratio => Structure.Unchanged with { Pruned = ratio, Of = PrunedWork.Parameters })],
        [.. new[] { 0.5, 0.35, 0.24 }.Select(ratio => Structure.Unchanged with { Rank = ratio })],
    ];

    private readonly Dictionary<string, StoredCandidate> _stored = new(StringComparer.Ordinal);

    /// <summary>Returns the tasks. The sequence ends when further changes do not improve the front.</summary>
    public IEnumerable<StudyTask> All()
    {
        var stages = new[] { Uniform(), StorageLadder(Structure.Unchanged), IntegerLadder(), Structured(), Refined() };
        return stages.SelectMany(stage => stage).Where(task => !state.Has(task));
    }

    private static IEnumerable<StudyTask> Uniform() => UniformRecipes.All.Select(Canonical).Select(recipe => new RecipeTask(recipe, Origin.Uniform));

    // Recipes are compared by their text, so each has one form.
    private static string Canonical(string recipe) => RecipeParser.Parse(recipe).ToString();

    private IEnumerable<StudyTask> StorageLadder(Structure structure)
    {
        yield return new StorageTableTask(structure);
        foreach (var share in StorageShares)
            if (Stored(new StoredCandidate(structure, share, Recovery.Fitting), Origin.Budget) is { } task)
                yield return task;
    }

    private IEnumerable<StudyTask> IntegerLadder()
    {
        if (state.Result(Canonical(UniformRecipes.Integers)) is not { } whole)
            yield break;
        var task = new IntegerTableTask(whole.Written);
        yield return task;
        if (state.Table(task) is not { } table)
            yield break;
        var steps = RecipeParser.Parse(whole.Written).Steps;
        var program = new BudgetProgram(table);
        foreach (var share in IntegerShares)
        {
            string[] floats = [.. program.Within(share).Layers(LayerCode.Int8)];
            if (floats.Length > 0)
                yield return new RecipeTask(Recipe.Of(TableMeasurement.WithFloat(steps, floats)).ToString(), Origin.Budget);
        }
    }

    private IEnumerable<StudyTask> Structured()
    {
        var useful = new List<Structure>();
        foreach (var ladder in Structures)
        foreach (var structure in ladder)
        {
            var alone = new RecipeTask(Recipe.Of(structure.Steps()).ToString(), Origin.Structure);
            yield return alone;
            if (state.Result(alone.Recipe) is not { } result || result.SqnrDb < LeastSqnrDb)
                break;
            if (result.IsIdentical)
                continue;
            var small = new RecipeTask($"{alone.Recipe} int8-weights least-squares gptq", Origin.Structure);
            yield return small;
            if (!IsOnFront(small))
                continue;
            useful.Add(structure);
            yield return new RecipeTask($"{alone.Recipe} {UniformRecipes.Integers}", Origin.Structure);
            yield return new RecipeTask($"{alone.Recipe} cluster", Origin.Structure);
        }

        foreach (var structure in useful)
        foreach (var task in StorageLadder(structure))
            yield return task;
    }

    private IEnumerable<StudyTask> Refined()
    {
        var changes = new FrontChanges(state, _stored, trains);
        return changes.All(Stored);
    }

    private bool IsOnFront(RecipeTask task) => state.OnFront.Any(trial => trial.Task.Key == task.Key);

    private RecipeTask? Stored(StoredCandidate candidate, Origin origin)
    {
        if (state.Table(new StorageTableTask(candidate.Structure)) is not { } table)
            return null;
        var allocation = new BudgetProgram(table).Within(candidate.Share);
        var recipe = candidate.Recipe(allocation);
        if (recipe.Length == 0)
            return null;
        _stored.TryAdd(recipe, candidate);
        return new RecipeTask(recipe, origin);
    }
}
