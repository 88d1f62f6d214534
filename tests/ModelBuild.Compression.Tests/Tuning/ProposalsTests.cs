using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Allocation;
using ModelBuild.Compression.Tuning.Candidates;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Tests that the proposals of a study follow from its outcomes. The outcomes of these tests follow from the recipes, and nothing runs.</summary>
public sealed class ProposalsTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_outcomes_give_the_same_proposals(bool trains)
    {
        var first = Keys(trains, 200);

        Assert.Equal(first, Keys(trains, 200));
        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.Equal(trains, first.Any(key => key.Contains("fine-tune", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_search_ends_when_nothing_improves_the_front()
    {
        var keys = Keys(trains: false, limit: 5000);

        Assert.InRange(keys.Length, 50, 2000);
    }

    [Fact]
    public void Every_proposed_recipe_is_a_recipe_in_a_possible_order()
    {
        RecipeTask[] recipes = [.. Tasks(trains: true, limit: 150).OfType<RecipeTask>()];

        Assert.True(recipes.Length > 80);
        Assert.All(recipes, recipe => Assert.Equal(recipe.Recipe, RecipeParser.Parse(recipe.Recipe).ToString()));
        Assert.Equal([Origin.Uniform, Origin.Budget, Origin.Structure], recipes.Select(recipe => recipe.Origin).Distinct().Take(3));
    }

    [Fact]
    public void A_study_without_tables_and_results_ends()
    {
        var state = new StudyState();

        Run(state, trains: true, _ => new StudyOutcome { Failure = "it does not run" }, 5000);

        Assert.Empty(state.Trials);
        Assert.Empty(state.OnFront);
    }

    [Fact]
    public void Many_tasks_may_run_at_the_same_time_and_never_more_than_the_window()
    {
        var state = new StudyState();
        var proposals = new Proposals(state, trains: false, AllowedSteps.All);
        var open = new List<int>();
        var proposed = 0;
        foreach (var task in proposals.All())
        {
            if (task is null)
                state.Add(proposals.Waiting!, Outcome(proposals.Waiting!));
            else
                open.Add(++proposed - state.Count);
        }

        Assert.All(open, count => Assert.InRange(count, 1, Proposals.Window));
        Assert.Equal(Proposals.Window, open.Max());
        // The study has few different changes, so that its search often waits for outcomes.
        Assert.True(open.Average() > 4, $"{open.Average()} tasks are open on average.");
    }

    [Theory]
    [InlineData("int8-weights")]
    [InlineData("int4 gptq")]
    [InlineData("int8 reconstruct gptq")]
    [InlineData("prune-channels cluster fine-tune")]
    [InlineData("low-rank")]
    [InlineData("smooth-quant")]
    public void Recipes_have_allowed_steps_only(string steps)
    {
        var names = steps.Split(' ').Append("optimize").ToArray();

        var tasks = Run(new StudyState(), trains: true, Outcome, 400, AllowedSteps.Parse(steps));

        // In the tests of this class, the step 'int8' is replaced by the steps int8 and gptq in the result of its recipe, and a mixture has these two steps.
        Assert.All(tasks.OfType<RecipeTask>().SelectMany(task => RecipeParser.Parse(task.Recipe).Steps), step => Assert.Contains(step.Definition.Name, names));
        Assert.Equal(steps != "smooth-quant", tasks.OfType<RecipeTask>().Any(task => task.Recipe.Contains(names[0], StringComparison.Ordinal)));
        Assert.Equal(tasks.Count, tasks.Select(task => task.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("int9", "int9")]
    [InlineData("int4(bits=3)", "Name the step alone: 'int4'")]
    [InlineData("  ", "empty")]
    public void A_list_of_steps_without_sense_is_an_error(string text, string message)
    {
        var error = Assert.Throws<CompressionException>(() => AllowedSteps.Parse(text));

        Assert.Equal(Codes.UnknownOption, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string[] Keys(bool trains, int limit) => [.. Tasks(trains, limit).Select(task => task.Key)];

    private static List<StudyTask> Tasks(bool trains, int limit) => Run(new StudyState(), trains, Outcome, limit);

    private static List<StudyTask> Run(StudyState state, bool trains, Func<StudyTask, StudyOutcome> outcome, int limit, AllowedSteps? allowed = null)
    {
        var proposals = new Proposals(state, trains, allowed ?? AllowedSteps.All);
        var tasks = new List<StudyTask>();
        foreach (var task in proposals.All().TakeWhile(_ => tasks.Count < limit))
        {
            if (task is null)
                state.Add(proposals.Waiting!, outcome(proposals.Waiting!));
            else
                tasks.Add(task);
        }

        return tasks;
    }

    private static StudyOutcome Outcome(StudyTask task) =>
        task switch
        {
            RecipeTask recipe => new StudyOutcome { Result = Result(recipe.Recipe) },
            StorageTableTask => new StudyOutcome { Table = Table(LayerCode.Codebook16, LayerCode.Int4, LayerCode.Int8, LayerCode.Float16, LayerCode.Float32) },
            _ => new StudyOutcome { Table = Table(LayerCode.Integer, LayerCode.Int8) },
        };

    private static ChoiceTable Table(params LayerCode[] codes) =>
        new(
            1000,
            [
                .. Enumerable
                    .Range(1, 6)
                    .Select(layer => new ChoiceGroup(
                        [$"layer{layer}"],
                        [.. codes.Select((code, i) => new Choice(code, layer * 100.0 * i, layer * Math.Pow(10, -3 - i)))]
                    )),
            ]
        );

    // Each recipe has other figures. More bytes give more decibels, and a share of the figures is like a random number.
    private static TrialResult Result(string recipe)
    {
        var hash = recipe.Aggregate(17u, (sum, letter) => (sum * 31) + letter);
        var layers = recipe.Split("layer").Length;
        return Trials.Result(1000 + (layers * 400) + (hash % 300), Math.Round(0.3 + (hash % 70 / 100.0), 2), 20 + layers + (hash % 20)) with
        {
            Written = recipe == "int8" ? "int8(calibration=min-max) gptq" : recipe,
        };
    }
}
