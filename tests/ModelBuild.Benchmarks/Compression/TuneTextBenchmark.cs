using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Trains classifiers of made sentences, and runs studies on them: how many bytes the smallest model of the front has that agrees with the original on as many
/// test sentences as <c>int8</c> does, beside the results of recipes that need no study.
/// </summary>
internal static class TuneTextBenchmark
{
    private const string Training = "fine-tune(loss=labels, epochs=8, rate=0.001)";
    private const int Sentences = 16_000;
    private const int Calibration = 256;
    private const int Test = 2_000;

    private const string TrainingData = "training.npz";
    private const string CalibrationData = "calibration.npz";
    private const string TestData = "test.npz";
    private const string Integers = "int8";

    private static readonly string[] Recipes = ["auto", Integers, "int8-dynamic int8-weights", "int8-weights", "int4 least-squares gptq"];

    /// <summary>Prints the table.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="trials">The number of recipes of each study.</param>
    public static void Run(TextWriter output, int trials)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        Opinions.Save(Path.Combine(folder.FullName, TrainingData), Sentences, seed: 1);
        Opinions.Save(Path.Combine(folder.FullName, CalibrationData), Calibration, seed: 2);
        Opinions.Save(Path.Combine(folder.FullName, TestData), Test, seed: 3);
        output.WriteLine("| model | recipe | bytes | share | SQNR, test | agreement, test | accuracy, test |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var (name, build) in Opinions.Classifiers)
            Model(output, name, build(), folder.FullName, trials);
        folder.Delete(recursive: true);
    }

    private static void Model(TextWriter output, string name, OnnxModel untrained, string folder, int trials)
    {
        string File(string file) => Path.Combine(folder, file);
        var (path, result) = (File("model.onnx"), File("result.onnx"));
        untrained.Save(File("untrained.onnx"));
        Compress(File("untrained.onnx"), Training, path, [File(TrainingData)], File(CalibrationData), verify: false);
        var model = OnnxModel.Load(path);
        var (run, whyNot) = ReferenceRun.Record(model, path, SignatureReader.Read(model), [File(TestData)], CancellationToken.None);
        using var reference = run ?? throw new InvalidOperationException(whyNot);
        OutputFidelity OnTest(string file) => reference.Compare(file, onCall: null, CancellationToken.None).Outputs.Single(logits => logits.IsFloat);
        void Row(string recipe, string file, OutputFidelity logits)
        {
            var bytes = new FileInfo(file).Length;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {recipe} | {bytes:N0} | {(double)bytes / new FileInfo(path).Length:0.000} | {logits.SqnrDb:0.0} dB | "
                        + $"{logits.Top1Agreement:P2} | {logits.Accuracy?.After:P2} |"
                )
            );
        }

        Row("float32", path, OnTest(path));
        var agreement = 1.0;
        foreach (var recipe in Recipes)
        {
            Compress(path, recipe, result, [], File(CalibrationData), verify: recipe == "auto");
            var logits = OnTest(result);
            Row($"`{recipe}`", result, logits);
            if (recipe == Integers)
                agreement = logits.Top1Agreement!.Value;
        }

        var settings = new StudySettings
        {
            Model = path,
            Data = [File(CalibrationData)],
            Target = TargetProfile.Default.Name,
        };
        var state = InProcessStudy.Run(settings, folder, state => state.Trials.Count == trials);
        foreach (var (task, _) in state.OnFront)
        {
            StudyTrial.Run(settings, task.Recipe, result, null, null, CancellationToken.None);
            var logits = OnTest(result);
            if (logits.Top1Agreement < agreement)
                continue;
            Row($"`tune`: `{ShortRecipe.Of(task.Recipe)}`", result, logits);
            break;
        }
    }

    private static void Compress(string model, string recipe, string result, IReadOnlyList<string> training, string calibration, bool verify) =>
        Compressor.Compress(
            new CompressionRequest(model, result)
            {
                Recipe = RecipeParser.Parse(recipe),
                CalibrationData = [calibration],
                TrainingData = training,
                Train = training.Count > 0,
                Verify = verify,
            }
        );
}
