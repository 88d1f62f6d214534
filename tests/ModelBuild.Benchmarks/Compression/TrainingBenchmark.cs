using System.Diagnostics;
using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;
using ModelBuild.Testing.Fixtures;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures recipes that train on the small classifiers: the accuracy on the test images, which no step has read, with the training images of the corpus as
/// training data and the calibration images for all other steps.
/// </summary>
internal static class TrainingBenchmark
{
    // A recipe reads a student with random weights from this file, which has the operators and shapes of the model.
    private const string RandomStudent = "random.onnx";

    private static readonly (string Model, string Recipe, string Goal)[] Rows =
    [
        ("litenet-fc", "prune(0.9) fine-tune", ""),
        ("litenet-fc", "prune(0.6) fine-tune prune(0.75) fine-tune prune(0.85) fine-tune prune(0.9) fine-tune(augment=shift(1), rate=0.003)", "−0.3 points"),
        (
            "litenet-fc",
            "prune-channels(0.6) fine-tune low-rank(0.25) fine-tune(rate=0.002) cluster(16, bits=2) fine-tune(augment=shift(1))",
            "zipped 100 ×, −0.5 points"
        ),
        ("litenet-fc", $"distill(student={RandomStudent}, labels=0.5, augment=shift(2), rate=0.003)", "97.3 %"),
        ("litenet-conv", "prune-channels(0.5, of=parameters) fine-tune prune(0.6) fine-tune cluster(8, bits=1.6) fine-tune", "zipped 40 ×, −0.5 points"),
        ("litenet-conv", $"distill(student={RandomStudent}, labels=0.5, augment=shift(2), rate=0.003)", "98.5 %"),
        ("fashion-resnet", "prune-channels(0.5)", ""),
        ("fashion-resnet", "prune-channels(0.5) fine-tune", "−0.10 points"),
        ("fashion-resnet", "prune-channels(0.5) fine-tune(steps=1000) prune-channels(0.5) fine-tune", "−0.8 points"),
        ("fashion-resnet", "prune(0.8) fine-tune", "−0.3 points"),
        ("fashion-resnet", "int8(min-max, everywhere=true, bits=3) clip-weights gptq fine-tune", "−0.3 points"),
        ("fashion-resnet", "int8(min-max, everywhere=true, bits=2) clip-weights gptq fine-tune", "−1.0 points"),
        ("fashion-resnet", "distill(student=fashion-mobilenet.onnx)", "92.4 %"),
        ("fashion-mobilenet", "int4", ""),
        ("fashion-mobilenet", "int4 fine-tune", "91.7 %, 32 dB"),
        ("fashion-mobilenet", "int8(everywhere=true) fine-tune(labels=0.2)", "91.9 %"),
    ];

    /// <summary>Prints the table.</summary>
    /// <param name="output">The writer of the table.</param>
    /// <param name="only">Parts of the names of the models to measure; empty for all.</param>
    public static void Run(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| model | recipe | goal | accuracy, float32 | accuracy | points | SQNR | multiply-adds | zipped | seconds |");
        output.WriteLine("|---|---|---|---:|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("modelbuild-benchmark-");
        foreach (var (name, recipe, goal) in Rows.Where(row => only.Count == 0 || only.Any(part => row.Model.Contains(part, StringComparison.Ordinal))))
            output.WriteLine(Row(CorpusModel.Litenet.Single(model => model.ShortName == name), recipe, goal, folder.FullName));
        folder.Delete(recursive: true);
    }

    // Uniform weights of the variance 2 / inputs (He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015), and biases that are 0.
    private static void WriteRandomStudent(CorpusModel original, string path)
    {
        var student = OnnxModel.Load(original.FullPath);
        var graph = new Graph(student);
        foreach (var (index, tensor) in student.Proto.Graph.Initializer.ToArray().Index())
            if (tensor.DataType == (int)TensorProto.Types.DataType.Float)
            {
                var count = (int)tensor.ElementCount();
                var inputs = tensor.Dims.Count > 1 ? count / tensor.Dims[0] : double.PositiveInfinity;
                float[] values = [.. Noise.Floats(count, seed: index + 1).Select(value => (float)(value * Math.Sqrt(6 / inputs)))];
                graph.ReplaceConstant(tensor.Name, Tensors.Create(tensor.Name, [.. tensor.Dims], values));
            }

        student.Save(path);
    }

    private static string Row(CorpusModel model, string recipe, string goal, string folder)
    {
        var head = $"| {model.ShortName} | `{recipe}` | {goal} |";
        var result = Path.Combine(folder, "result.onnx");
        WriteRandomStudent(model, Path.Combine(folder, RandomStudent));
        foreach (var other in CorpusModel.Litenet)
            File.Copy(other.FullPath, Path.Combine(folder, $"{other.ShortName}.onnx"), overwrite: true);
        var clock = Stopwatch.StartNew();
        try
        {
            var receipt = Compressor.Compress(
                new CompressionRequest(model.FullPath, result)
                {
                    DisplayName = model.Name,
                    Recipe = RecipeParser.Parse(recipe),
                    Folder = folder,
                    CalibrationData = model.Calibration,
                    TrainingData = [model.Calibration[0].Replace("-calibration", "-train", StringComparison.Ordinal)],
                    Train = true,
                    Verify = false,
                }
            );
            var seconds = clock.Elapsed.TotalSeconds;
            using var reference = Measured.Reference(model).Run!;
            var worst = reference.Compare(result, onCall: null, CancellationToken.None).Outputs.Where(output => output.IsFloat).MinBy(output => output.SqnrDb)!;
            return head
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $" {worst.Accuracy!.Before:P2} | {worst.Accuracy.After:P2} | {-100 * worst.Accuracy.Loss:+0.00;−0.00;0.00} | {worst.SqnrDb:0.0} dB | "
                        + $"{(double)receipt.Original.MultiplyAdds / receipt.Compressed.MultiplyAdds:0.00} × | "
                        + $"{(double)receipt.Original.ZippedBytes / receipt.Compressed.ZippedBytes:0.0} × | {seconds:0} |"
                );
        }
        catch (CompressionException exception)
        {
            return $"{head} | {exception.Code}: {exception.Message} | | | | | |";
        }
    }
}
