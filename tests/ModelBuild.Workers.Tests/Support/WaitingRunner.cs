using System.Globalization;
using ModelBuild.Cli.Tuning;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Allocation;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>Runs tasks that only wait. Their outcomes follow from the texts of their recipes.</summary>
/// <param name="time">The time of a task.</param>
internal sealed class WaitingRunner(TimeSpan time) : ITaskRunner
{
    private int _runs;

    /// <summary>The number of tasks that ran.</summary>
    public int Runs => _runs;

    /// <inheritdoc/>
    public TrialAnswer Run(StudySettings settings, StudyTask task, WorkFolder work, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(time);
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _runs);
        return new TrialAnswer { Outcome = Outcome(task, work) };
    }

    private static StudyOutcome Outcome(StudyTask task, WorkFolder work)
    {
        if (task is not RecipeTask recipe)
            return new StudyOutcome { Table = Table() };
        File.WriteAllText(work.Model, recipe.Recipe);
        return new StudyOutcome { Result = Result(recipe.Recipe) };
    }

    private static ChoiceTable Table()
    {
        LayerCode[] codes = [LayerCode.Codebook16, LayerCode.Int4, LayerCode.Int8, LayerCode.Float16, LayerCode.Float32];
        return new ChoiceTable(
            1000,
            [
                .. Enumerable
                    .Range(1, 6)
                    .Select(layer => new ChoiceGroup(
                        [string.Create(CultureInfo.InvariantCulture, $"layer{layer}")],
                        [.. codes.Select((code, i) => new Choice(code, layer * 100.0 * i, layer * Math.Pow(10, -3 - i)))]
                    )),
            ]
        );
    }

    /// <summary>Returns the result of a recipe. The more bytes it has, the more decibels, beside a share that is like a random number.</summary>
    public static TrialResult Result(string recipe)
    {
        var hash = recipe.Aggregate(17u, (sum, letter) => (sum * 31) + letter);
        var layers = recipe.Split("layer").Length;
        return new TrialResult
        {
            Written = recipe,
            Bytes = 1000 + (layers * 400) + (hash % 300),
            ZippedBytes = 1000,
            MultiplyAdds = 1,
            PredictedTime = Math.Round(0.3 + (hash % 70 / 100.0), 2),
            Outputs = [],
            SqnrDb = 20 + layers + (hash % 20),
            Judged = 1,
            ExpectedLoss = null,
            IsWithinBudget = true,
            Sha256 = "",
        };
    }
}
