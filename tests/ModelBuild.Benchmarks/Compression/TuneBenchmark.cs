using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Compression.Verification;

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

    // The number of recipes of the longer study, as a multiple of that of the shorter one.
    private const int Times = 10;

    /// <summary>Prints the tables.</summary>
    /// <param name="output">The writer of the tables.</param>
    /// <param name="minutes">The time of each study.</param>
    /// <param name="only">Parts of the names of the models; empty for all.</param>
    public static void Run(TextWriter output, double minutes, IReadOnlyList<string> only)
    {
        foreach (var model in Models(only))
            Model(output, model, TimeSpan.FromMinutes(minutes));
    }

    /// <summary>
    /// Prints the share of the volume that the fronts of studies dominate, compared with studies of ten times as many recipes. The number of recipes is fixed,
    /// so that no clock decides the figures.
    /// </summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="trials">The number of recipes of the shorter study.</param>
    /// <param name="only">Parts of the names of the models; empty for all.</param>
    public static void Longer(TextWriter output, int trials, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipes | volume | recipes | volume | share | share on the test images |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var model in Models(only))
        {
            var settings = Settings(model);
            var bytes = new FileInfo(model.FullPath).Length;
            var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
            var (run, whyNot) = Measured.Reference(model);
            using var reference = run ?? throw new InvalidOperationException(whyNot);
            (RecipeTask Task, TrialResult Result)[] first = [];
            var state = InProcessStudy.Run(
                settings,
                folder.FullName,
                state =>
                {
                    if (state.Trials.Count == trials)
                        first = [.. state.OnFront];
                    return state.Trials.Count == trials * Times;
                }
            );
            if (state.Trials.Count <= trials)
                first = [.. state.OnFront];
            double Volume(IEnumerable<(RecipeTask Task, TrialResult Result)> front) => Hypervolume.Of(front.Select(trial => trial.Result), bytes);
            double OnTestImages(IEnumerable<(RecipeTask Task, TrialResult Result)> front) =>
                Hypervolume.Of(front.Select(trial => Results(settings, trial.Task.Recipe, folder.FullName, reference).Test), bytes);
            var (shorter, longer) = (Volume(first), Volume(state.OnFront));
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {model.ShortName} | {Math.Min(trials, state.Trials.Count)} | {shorter:0.0000} | {state.Trials.Count} | {longer:0.0000} | "
                        + $"{shorter / longer:P1} | {OnTestImages(first) / OnTestImages(state.OnFront):P1} |"
                )
            );
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<CorpusModel> Models(IReadOnlyList<string> only) =>
        CorpusModel.Litenet.Where(model => only.Count == 0 || only.Any(part => model.ShortName.Contains(part, StringComparison.Ordinal)));

    private static StudySettings Settings(CorpusModel model) =>
        new()
        {
            Model = model.FullPath,
            Data = model.Calibration,
            Target = TargetProfile.Default.Name,
        };

    private static void Model(TextWriter output, CorpusModel model, TimeSpan time)
    {
        var settings = Settings(model);
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        var clock = Stopwatch.StartNew();
        var state = InProcessStudy.Run(settings, folder.FullName, _ => clock.Elapsed >= time);
        var (run, whyNot) = Measured.Reference(model);
        using var reference = run ?? throw new InvalidOperationException(whyNot);
        TrialResult[] front = [.. state.OnFront.Select(trial => Results(settings, trial.Task.Recipe, folder.FullName, reference).Test)];
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
        output.WriteLine(
            "| row | bytes | predicted time | SQNR, test | a point is as good, held out | and on the test images | SQNR of the front at these bytes |"
        );
        output.WriteLine("|---|---:|---:|---:|---|---|---:|");
        foreach (var recipe in Rows)
        {
            var (heldOut, row) = Results(settings, recipe, folder.FullName, reference);
            var best = front.Where(point => point.Bytes <= row.Bytes).Select(point => point.SqnrDb).DefaultIfEmpty(double.NaN).Max();
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| `{recipe}` | {row.Bytes:N0} | {row.PredictedTime:0.00} | {row.SqnrDb:0.0} dB | "
                        + $"{YesOrNo(IsReached(heldOut, state.OnFront.Select(trial => trial.Result)))} | {YesOrNo(IsReached(row, front))} | {best:0.0} dB |"
                )
            );
        }

        output.WriteLine();
        folder.Delete(recursive: true);
    }

    private static bool IsReached(TrialResult row, IEnumerable<TrialResult> front) =>
        front.Any(point => point.Bytes <= row.Bytes && point.PredictedTime <= row.PredictedTime && point.SqnrDb >= row.SqnrDb - Tolerance);

    private static string YesOrNo(bool value) => value ? "yes" : "no";

    // The bytes and the time of a trial, with the fidelity on the held-out samples, and on the test images.
    private static (TrialResult HeldOut, TrialResult Test) Results(StudySettings settings, string recipe, string folder, ReferenceRun reference)
    {
        var path = Path.Combine(folder, "test.onnx");
        var result = StudyTrial.Run(settings, recipe, path, null, null, CancellationToken.None);
        var fidelity = reference.Compare(path, onCall: null, CancellationToken.None);
        var worst = fidelity.Outputs.Where(output => output.IsFloat).MinBy(output => output.SqnrDb)!;
        return (result, result with { SqnrDb = worst.SqnrDb, Outputs = [FidelityFacts.Of(new OutputVerdict(worst, null, "", true))] });
    }
}
