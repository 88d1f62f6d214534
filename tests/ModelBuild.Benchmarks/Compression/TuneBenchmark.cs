using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Candidates;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Runs the study of <c>modelbuild tune</c> on the models with real data, with the calibration images only, and measures its front on the test images. The
/// front is compared with the uniform recipes: a row is reached if a point of the front has as few bytes, as little predicted time, and as many decibels.
/// </summary>
internal static class TuneBenchmark
{
    // The rows of the tables of README.md and docs/benchmarks.md.
    private static readonly string[] Rows =
    [
        .. LitenetBenchmark.DefaultRecipes,
        "prune-channels(0.34)",
        "prune-channels(0.5)",
        "prune-channels(0.5, of=parameters)",
        "low-rank(0.5)",
        "low-rank(0.24)",
        "cluster(16)",
        "cluster(256)",
    ];

    // Two figures of the same recipe on the test images differ by less than this.
    private const double Tolerance = 0.05;

    /// <summary>Prints the tables.</summary>
    /// <param name="output">The writer of the tables.</param>
    /// <param name="minutes">The time of each study.</param>
    /// <param name="only">Parts of the names of the models; empty for all.</param>
    public static void Run(TextWriter output, double minutes, IReadOnlyList<string> only)
    {
        foreach (var model in CorpusModel.Litenet.Where(model => only.Count == 0 || only.Any(part => model.ShortName.Contains(part, StringComparison.Ordinal))))
            Model(output, model, TimeSpan.FromMinutes(minutes));
    }

    private static void Model(TextWriter output, CorpusModel model, TimeSpan time)
    {
        var settings = new StudySettings
        {
            Model = model.FullPath,
            Data = model.Calibration,
            Target = TargetProfile.Default.Name,
        };
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        var state = Study(settings, folder.FullName, time);
        var (run, whyNot) = Measured.Reference(model);
        using var reference = run ?? throw new InvalidOperationException(whyNot);
        TrialResult[] front = [.. state.OnFront.Select(trial => OnTest(settings, trial.Task.Recipe, folder.FullName, reference))];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.ShortName}: {state.Trials.Count} recipes in {time.TotalMinutes:0.#} minutes"));
        output.WriteLine();
        output.WriteLine("| recipe | bytes | predicted time | SQNR, held out | SQNR, test | accuracy, test |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (trial, test) in state.OnFront.Zip(front))
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| `{ShortRecipe.Of(trial.Task.Recipe)}` | {test.Bytes:N0} | {test.PredictedTime:0.00} | {trial.Result.SqnrDb:0.0} dB | "
                        + $"{test.SqnrDb:0.0} dB | {test.Outputs[0].Accuracy?.After:P2} |"
                )
            );
        output.WriteLine();
        output.WriteLine("| row | bytes | predicted time | SQNR, test | a point of the front is as good | SQNR of the front at these bytes |");
        output.WriteLine("|---|---:|---:|---:|---|---:|");
        foreach (var recipe in Rows)
        {
            var row = OnTest(settings, recipe, folder.FullName, reference);
            var isReached = front.Any(point => point.Bytes <= row.Bytes && point.PredictedTime <= row.PredictedTime && point.SqnrDb >= row.SqnrDb - Tolerance);
            var best = front.Where(point => point.Bytes <= row.Bytes).Select(point => point.SqnrDb).DefaultIfEmpty(double.NaN).Max();
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| `{recipe}` | {row.Bytes:N0} | {row.PredictedTime:0.00} | {row.SqnrDb:0.0} dB | {(isReached ? "yes" : "no")} | {best:0.0} dB |"
                )
            );
        }

        output.WriteLine();
        folder.Delete(recursive: true);
    }

    private static StudyState Study(StudySettings settings, string folder, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var state = new StudyState();
        var proposals = new Proposals(state, trains: false);
        using var tasks = proposals.All().GetEnumerator();
        var isComplete = false;
        while (clock.Elapsed < time && !(isComplete && proposals.Waiting is null))
        {
            isComplete = isComplete || !tasks.MoveNext();
            if ((isComplete || tasks.Current is null) && proposals.Waiting is { } task)
                state.Add(task, Outcome(settings, task, Path.Combine(folder, "trial.onnx")));
        }

        return state;
    }

    private static StudyOutcome Outcome(StudySettings settings, StudyTask task, string path)
    {
        try
        {
            if (task is RecipeTask recipe)
                return new StudyOutcome { Result = StudyTrial.Run(settings, recipe.Recipe, path, null, null, CancellationToken.None) };
            using var original = OriginalModel.Open(settings.Request("", path), CancellationToken.None);
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

    // The bytes and the time of a trial, with the fidelity on the test images.
    private static TrialResult OnTest(StudySettings settings, string recipe, string folder, ReferenceRun reference)
    {
        var path = Path.Combine(folder, "test.onnx");
        var result = StudyTrial.Run(settings, recipe, path, null, null, CancellationToken.None);
        var fidelity = reference.Compare(path, onCall: null, CancellationToken.None);
        var worst = fidelity.Outputs.Where(output => output.IsFloat).MinBy(output => output.SqnrDb)!;
        return result with { SqnrDb = worst.SqnrDb, Outputs = [FidelityFacts.Of(new OutputVerdict(worst, null, "", true))] };
    }
}
