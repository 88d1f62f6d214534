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
/// Trains classifiers of made sentences, and runs studies on them: how many bytes the smallest model of the front has that gives the answer of the original to
/// all test sentences, beside the results of recipes that need no study.
/// </summary>
internal static class TuneTextBenchmark
{
    private const string Training = "fine-tune(loss=labels, epochs=8, rate=0.001)";
    private const int Sentences = 16_000;
    private const int Calibration = 256;
    private const int Test = 2_000;

    private static readonly string[] Recipes = ["auto", "int8", "int8-dynamic int8-weights", "int8-weights", "int4 least-squares gptq"];

    /// <summary>Prints the tables.</summary>
    /// <param name="output">The writer of the tables.</param>
    /// <param name="trials">The number of recipes of each study.</param>
    public static void Run(TextWriter output, int trials)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        string File(string name) => Path.Combine(folder.FullName, name);
        Opinions.Save(File("train.npz"), Sentences, seed: 1);
        Opinions.Save(File("calibration.npz"), Calibration, seed: 2);
        Opinions.Save(File("test.npz"), Test, seed: 3);
        output.WriteLine("| model | recipe | bytes | share | SQNR, test | agreement, test | accuracy, test |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var (name, build) in Opinions.Classifiers)
        {
            build().Save(File("random.onnx"));
            Compress(File("random.onnx"), Training, File("model.onnx"), [File("train.npz")], File("calibration.npz"));
            var model = OnnxModel.Load(File("model.onnx"));
            var (run, whyNot) = ReferenceRun.Record(model, File("model.onnx"), SignatureReader.Read(model), [File("test.npz")], CancellationToken.None);
            using var reference = run ?? throw new InvalidOperationException(whyNot);
            var original = new FileInfo(File("model.onnx")).Length;
            void Row(string recipe, string path)
            {
                var (bytes, logits) = (new FileInfo(path).Length, OnTest(reference, path));
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {name} | {recipe} | {bytes:N0} | {(double)bytes / original:0.000} | {logits.SqnrDb:0.0} dB | {logits.Top1Agreement:P2} | "
                            + $"{logits.Accuracy?.After:P2} |"
                    )
                );
            }

            Row("float32", File("model.onnx"));
            foreach (var recipe in Recipes)
            {
                Compress(File("model.onnx"), recipe, File("result.onnx"), [], File("calibration.npz"));
                Row($"`{recipe}`", File("result.onnx"));
            }

            var settings = new StudySettings
            {
                Model = File("model.onnx"),
                Data = [File("calibration.npz")],
                Target = TargetProfile.Default.Name,
            };
            var state = InProcessStudy.Run(settings, folder.FullName, state => state.Trials.Count == trials);
            foreach (var (task, result) in state.OnFront)
            {
                if (!result.IsWithinBudget)
                    continue;
                StudyTrial.Run(settings, task.Recipe, File("result.onnx"), null, null, CancellationToken.None);
                Row($"smallest within the budget: `{ShortRecipe.Of(task.Recipe)}`", File("result.onnx"));
                break;
            }

            foreach (var (task, _) in state.OnFront)
            {
                StudyTrial.Run(settings, task.Recipe, File("result.onnx"), null, null, CancellationToken.None);
                if (OnTest(reference, File("result.onnx")).Top1Agreement < 1)
                    continue;
                Row($"smallest with all answers: `{ShortRecipe.Of(task.Recipe)}`", File("result.onnx"));
                break;
            }
        }

        folder.Delete(recursive: true);
    }

    private static OutputFidelity OnTest(ReferenceRun reference, string path) =>
        reference.Compare(path, onCall: null, CancellationToken.None).Outputs.Single(output => output.IsFloat);

    private static void Compress(string model, string recipe, string result, IReadOnlyList<string> training, string calibration) =>
        Compressor.Compress(
            new CompressionRequest(model, result)
            {
                Recipe = RecipeParser.Parse(recipe),
                CalibrationData = [calibration],
                TrainingData = training,
                Train = training.Count > 0,
                Verify = training.Count == 0,
            }
        );
}
