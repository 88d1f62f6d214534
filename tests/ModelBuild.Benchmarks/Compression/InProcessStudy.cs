using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Candidates;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>The study of <c>modelbuild tune</c>, whose tasks run in this process.</summary>
internal static class InProcessStudy
{
    /// <summary>Runs tasks one after another until the search ends, or the caller ends it.</summary>
    /// <param name="settings">The model and its data.</param>
    /// <param name="folder">A folder for temporary files.</param>
    /// <param name="isOver">Whether the results so far suffice.</param>
    public static StudyState Run(StudySettings settings, string folder, Func<StudyState, bool> isOver)
    {
        // The tasks of `modelbuild tune` share the outputs of the original and the statistics of its values as well.
        var shared = new SharedResults(Path.Combine(folder, "shared"), "benchmark");
        var state = new StudyState();
        var proposals = new Proposals(state, trains: false, AllowedSteps.All);
        using var tasks = proposals.All().GetEnumerator();
        var isComplete = false;
        while (!isOver(state) && !(isComplete && proposals.Waiting is null))
        {
            isComplete = isComplete || !tasks.MoveNext();
            if ((isComplete || tasks.Current is null) && proposals.Waiting is { } task)
                state.Add(task, Outcome(settings, task, Path.Combine(folder, "trial.onnx"), shared));
        }

        return state;
    }

    private static StudyOutcome Outcome(StudySettings settings, StudyTask task, string path, SharedResults shared)
    {
        try
        {
            if (task is RecipeTask recipe)
                return new StudyOutcome { Result = StudyTrial.Run(settings, recipe.Recipe, path, null, shared, CancellationToken.None) };
            using var original = OriginalModel.Open(settings.Request("", path) with { Shared = shared }, CancellationToken.None);
            var measurement = new TableMeasurement(original, WorkLog.Silent, CancellationToken.None);
            return new StudyOutcome
            {
                Table = task switch
                {
                    StorageTableTask storage => measurement.MeasureStorage(storage.Structure),
                    IntegerTableTask integers => measurement.MeasureIntegers(RecipeParser.Parse(integers.Steps).Steps),
                    _ => throw new InvalidOperationException($"There is no task {task.GetType().Name}."),
                },
            };
        }
        catch (Exception exception) when (exception is CompressionException or OnnxException)
        {
            return new StudyOutcome { Failure = exception.Message };
        }
    }
}
